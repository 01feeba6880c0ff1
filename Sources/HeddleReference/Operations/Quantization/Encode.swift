import HeddleGraph

extension Encode: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    if operands[0].encoding == encoding { return operands }
    return [try Tensor(operands[0].decoded(), as: encoding, shape: context.shapes[0])]
  }
}
