import HeddleGraph

extension BalanceBias: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let counts = try operands[1].integers().map { Int($0) }
    let sum = counts.reduce(0, +)
    let move = try rate * Float(context.extent(steps))
    let y = zip(try operands[0].floats(), counts).map { bias, count in
      bias + move * Float((sum - count * counts.count).signum())
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
