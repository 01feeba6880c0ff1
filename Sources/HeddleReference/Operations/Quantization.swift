import HeddleGraph

extension Convert: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    [try Tensor(decodeToFloat32(operands[0]), shape: context.shapes[0])]
  }
}
