import HeddleGraph

extension MatMulByExpert: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let x = try operands[0].decoded()
    let w = try operands[1].decoded()
    let indices = try operands[2].integers().map { Int($0) }
    let bias = bias ? try operands[3].floats() : nil
    let (experts, rows, inputs) = (operands[1].shape[0], operands[1].shape[1], operands[1].shape[2])
    let outputs = isGated ? rows / 2 : rows
    let sharing = operands[0].shape.count == 2 ? operands[2].shape[1] : 1
    var y: [Float] = []
    for (pair, expert) in indices.enumerated() {
      guard (0..<experts).contains(expert) else {
        y += Array(repeating: 0, count: outputs)
        continue
      }
      let start = pair / sharing * inputs
      let sums = (0..<rows).map { m in
        let row = (expert * rows + m) * inputs
        let sum = Float((0..<inputs).reduce(0.0) { $0 + Double(x[start + $1]) * Double(w[row + $1]) })
        return bias.map { sum + $0[expert * rows + m] } ?? sum
      }
      y += (0..<outputs).map { m in
        let value = activation?.value(sums[m]) ?? sums[m]
        return isGated ? value * sums[outputs + m] : value
      }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
