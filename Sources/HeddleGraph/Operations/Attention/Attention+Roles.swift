// What an attention asks of the operands that it takes beside queries, keys and values.
extension Attention {
  /// The keys that a sequence may have.
  private func keysPerSequence(_ operands: Operands) throws(InferenceError) -> Dimension {
    let rows = try operands["keys"].extent(-3)
    return takes.pages ? try operands["pages"].extent(-1) * rows : rows
  }

  func check(_ operands: Operands) throws(InferenceError) {
    let queries = try operands["queries"]
    let (tokens, heads) = (queries.extent(0), queries.extent(1))
    let keys = try operands["keys"]
    if takes.positions, past != 0 { throw .attribute("past", "must be 0 beside positions, got \(past)") }
    if takes.sequences, !takes.positions, !mask.isPlaceless || takes.slopes {
      throw .attribute("takes", "\(mask)\(takes.slopes ? " and slopes" : "") of several sequences needs positions")
    }
    if mask.isSelecting != takes.selection {
      throw .attribute("mask", takes.selection ? "\(mask) does not use the selection" : "\(mask) needs a selection")
    }
    func shape(_ name: String, _ shape: [Dimension]) throws(InferenceError) {
      guard let type = operands.given(name) else { return }
      let isCounted = ["positions", "sequences", "counts", "pages", "selection"].contains(name)
      let expected = TensorType(isCounted ? .int32 : .float32, shape)
      guard type == expected else { throw .type("\(name) must be \(expected), got \(type)") }
    }
    // Sequences are counted by the pages' table, else by the keys.
    let sequences = takes.pages ? try operands["pages"].extent(0) : takes.sequences ? keys.extent(0) : 1
    if takes.pages {
      _ = try operands.int32("pages", rank: 2)
      guard let rows = keys.extent(1).constant, rows > 0, rows.isMultiple(of: 64) else {
        throw .type("a page must be of a multiple of 64 keys, got \(keys)")
      }
      if !takes.sequences {
        try operands.equal(sequences, 1, "the sequences of pages and of queries without sequences")
      }
    }
    try shape("positions", [tokens])
    try shape("sequences", [tokens])
    try shape("counts", [sequences])
    try shape("sinks", [heads])
    try shape("slopes", [heads])
    let capacity = try keysPerSequence(operands)
    func perQuery(_ name: String, _ columns: Dimension, heads: Dimension) throws(InferenceError) {
      guard let type = operands.given(name) else { return }
      let isShared = type.rank == 3 && type.extent(1) == 1
      try shape(name, [tokens, isShared ? 1 : heads, columns])
    }
    try perQuery("selection", capacity.dividedRoundingUp(by: 32), heads: keys.extent(-2))
    try perQuery("bias", capacity, heads: heads)
  }
}
