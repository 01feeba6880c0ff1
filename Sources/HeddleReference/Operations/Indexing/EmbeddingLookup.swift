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
        return try decodeToFloat32(UnsafeRawBufferPointer(rebasing: bytes[start..<start + row]), table.encoding)
      }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
