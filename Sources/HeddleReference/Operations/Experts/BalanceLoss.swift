import HeddleGraph

extension BalanceLoss: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let scores = try operands[0].floats()
    let counts = try operands[1].integers().map { Double($0) }
    let (tokens, experts) = (operands[0].shape[0], operands[0].shape[1])
    let total = counts.reduce(0, +)
    guard tokens > 0, total > 0 else { return [try Tensor([Float(0)], shape: [1])] }
    let sum = (0..<experts).reduce(0.0) { sum, e in
      sum + counts[e] / total * (0..<tokens).reduce(0.0) { $0 + Double(scores[$1 * experts + e]) } / Double(tokens)
    }
    return [try Tensor([Float(Double(weight) * Double(experts) * sum)], shape: [1])]
  }
}
