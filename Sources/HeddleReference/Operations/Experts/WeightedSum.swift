import HeddleGraph

extension WeightedSum: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let (x, weights) = (try operands[0].floats(), try operands[1].floats())
    let (parts, width) = (operands[0].shape[1], operands[0].shape[2])
    let y = (0..<operands[0].shape[0]).flatMap { t in
      (0..<width).map { m in
        Float(
          (t * parts..<(t + 1) * parts).reduce(0.0) { $0 + Double(weights[$1]) * Double(x[$1 * width + m]) })
      }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
