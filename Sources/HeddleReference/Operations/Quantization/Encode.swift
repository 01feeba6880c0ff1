import HeddleGraph

extension Encode: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    if operands[0].encoding == encoding { return operands }
    return [try HeddleReference.encode(decodeToFloat32(operands[0]), as: encoding, shape: context.shapes[0])]
  }
}
