import HeddleGraph

extension RMSNorm: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let weight = try operands[1].floats()
    let y = try mapRows(operands[0]) { row in
      var squares = row.reduce(0.0) { $0 + Double($1) * Double($1) }
      if Float(squares).isInfinite { squares = .infinity }
      let scale = 1 / (squares / Double(row.count) + Double(epsilon)).squareRoot()
      return zip(row, weight).map { Float(Double($0) * scale * Double($1)) }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
