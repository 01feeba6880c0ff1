import HeddleGraph

extension Prune: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    [try Tensor(operands[0].floats(), as: .sparse(format), shape: context.shapes[0])]
  }
}
