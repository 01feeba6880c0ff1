import HeddleGraph

extension LayerNorm: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let weight = try operands[1].floats()
    let bias = operands.count > 2 ? try operands[2].floats() : weight.map { _ in 0 }
    let y = try mapRows(operands[0]) { row in
      var sum = row.reduce(0.0) { $0 + Double($1) }
      if Float(sum).isInfinite { sum = .infinity }
      let mean = sum / Double(row.count)
      var squares = row.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      if Float(squares).isInfinite { squares = .infinity }
      let scale = 1 / (squares / Double(row.count) + Double(epsilon)).squareRoot()
      return zip(row, zip(weight, bias)).map { Float((Double($0) - mean) * scale * Double($1.0) + Double($1.1)) }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
