import HeddleGraph

extension Concatenate: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    if case .sparse(let format) = operands[0].encoding {
      return [try concatenateSparse(operands, format, shape: context.shapes[0])]
    }
    let parts = operands.map { AxisBytes($0.shape, axis: axis, byteCount: $0.bytes.count) }
    var bytes: [UInt8] = []
    for outer in 0..<parts[0].outer {
      for (part, x) in zip(parts, operands) {
        let row = part.axis * part.inner
        bytes += x.bytes[outer * row..<(outer + 1) * row]
      }
    }
    return [try Tensor(encoding: operands[0].encoding, shape: context.shapes[0], bytes: bytes)]
  }
}
