import HeddleGraph

extension EmbeddingLookup: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let (table, ids) = (operands[0], try operands[1].integers())
    let (vocabulary, width) = (table.shape[0], table.shape[1])
    let row = AxisBytes(table.shape, axis: 0, byteCount: table.bytes.count).inner
    let y = try table.bytes.withUnsafeBytes { bytes in
      try ids.flatMap { id in
        guard (0..<vocabulary).contains(Int(id)) else { return Array(repeating: Float.nan, count: width) }
        let start = Int(id) * row
        return try table.encoding.decode(UnsafeRawBufferPointer(rebasing: bytes[start..<start + row]))
      }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}

extension ArgMax: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let x = try operands[0].floats()
    let width = operands[0].shape[operands[0].shape.count - 1]
    let y = stride(from: 0, to: x.count, by: width).map { start in
      var best = 0
      for d in 1..<max(width, 1) {
        if x[start + best].isNaN { break }
        if x[start + d].isNaN || x[start + d] > x[start + best] { best = d }
      }
      return Int32(clamping: x[start + best].isNaN ? -1 - best : best)
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}

extension IndexRange: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let start = try context.extent(start)
    let y = (0..<context.shapes[0][0]).map { Int32(clamping: start &+ $0) }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
