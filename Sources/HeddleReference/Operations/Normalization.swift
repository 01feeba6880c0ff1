import Foundation
import HeddleGraph

/// `exp(x − max) / Σ exp(x − max)` in float64; a NaN anywhere makes every value NaN, as does a row of −∞.
func softmax(_ x: [Double]) -> [Double] {
  let maximum = x.reduce(-Double.infinity) { $1 > $0 ? $1 : $0 }
  let exponentials = x.map { exp($0 - maximum) }
  let sum = exponentials.reduce(0, +)
  return exponentials.map { $0 / sum }
}

/// Calls `body` with each row of the last axis and gives the rows' results one after the other.
private func mapRows(_ x: Tensor, _ body: ([Float]) -> [Float]) throws -> [Float] {
  let values = try x.floats()
  let width = x.shape[x.shape.count - 1]
  return stride(from: 0, to: values.count, by: width).flatMap { body(Array(values[$0..<$0 + width])) }
}

extension Softmax: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let y = try mapRows(operands[0]) { row in softmax(row.map(Double.init)).map { Float($0) } }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}

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
