import HeddleGraph

extension Reshape: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    [try Tensor(encoding: operands[0].encoding, shape: context.shapes[0], bytes: operands[0].bytes)]
  }
}
