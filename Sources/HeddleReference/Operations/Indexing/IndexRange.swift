import HeddleGraph

extension IndexRange: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let start = try context.extent(start)
    let y = (0..<context.shapes[0][0]).map { Int32(clamping: start &+ $0) }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
