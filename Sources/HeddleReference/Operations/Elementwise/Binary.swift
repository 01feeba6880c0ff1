import HeddleGraph

extension Binary: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let (left, right) = (try operands[0].floats(), try operands[1].floats())
    let lefts = broadcastOffsets(operands[0].shape, to: context.shapes[0])
    let rights = broadcastOffsets(operands[1].shape, to: context.shapes[0])
    let y = zip(lefts, rights).map { a, b in
      switch function {
      case .add: left[a] + right[b]
      case .multiply: left[a] * right[b]
      }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
