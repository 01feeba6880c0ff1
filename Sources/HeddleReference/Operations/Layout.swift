import HeddleGraph

// Moves work on bytes: any dense encoding, every bit kept.

extension Reshape: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    [try Tensor(encoding: operands[0].encoding, shape: context.shapes[0], bytes: operands[0].bytes)]
  }
}

extension Transpose: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let x = operands[0]
    let strides = rowMajorStrides(x.shape)
    let size = x.encoding.blockByteCount
    let bytes = elementOffsets(context.shapes[0], strides: permutation.map { strides[$0] })
      .flatMap { x.bytes[$0 * size..<($0 + 1) * size] }
    return [try Tensor(encoding: x.encoding, shape: context.shapes[0], bytes: bytes)]
  }
}

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

extension Concatenate: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    if let format = operands[0].encoding.sparse {
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
