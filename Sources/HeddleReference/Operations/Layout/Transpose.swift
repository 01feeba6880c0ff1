import HeddleGraph

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
