import HeddleGraph

extension Encode: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    if operands[0].encoding == encoding { return operands }
    if isSearched {
      let importance = operands.count > 1 ? try operands[1].floats() : nil
      return [
        try Tensor(operands[0].floats(), searching: encoding, importance: importance, shape: context.shapes[0])
      ]
    }
    return [try Tensor(operands[0].decoded(), as: encoding, shape: context.shapes[0])]
  }
}
