import HeddleGraph

extension Slice: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let x = operands[0]
    let whole = AxisBytes(x.shape, axis: axis, byteCount: x.bytes.count)
    let (start, count) = (try context.extent(start), try context.extent(count))
    let bytes = (0..<whole.outer).flatMap { outer in
      let first = (outer * whole.axis + start) * whole.inner
      return x.bytes[first..<first + count * whole.inner]
    }
    return [try Tensor(encoding: x.encoding, shape: context.shapes[0], bytes: bytes)]
  }
}
