/// `append`: writes the new rows into the cache's own place if the result leads to its state's next value, else into a
/// copy of it.
enum AppendLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<Append>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    var cache = try encoder.view(problem["cache"])
    let isInPlace = encoder.inPlaceWrites[problem.index].map { cache.buffer == .state($0) } ?? false
    if !isInPlace {
      let copy = encoder.destination(problem.result)
      try Copy.encode(from: cache, to: copy, into: &encoder)
      cache = copy
    }
    var rows = try encoder.view(problem["x"])
    // Rows of the cache itself: reading and writing would overlap.
    if isInPlace, rows.buffer == cache.buffer { rows = try encoder.materialize(rows) }
    var destination = cache
    destination.type = rows.type
    destination.offset = cache.offset + problem.operation.position * cache.stride(0)
    try Copy.encode(from: rows, to: destination, into: &encoder)
    return [cache]
  }
}
