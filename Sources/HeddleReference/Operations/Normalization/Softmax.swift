import Foundation
import HeddleGraph

/// `exp(x − max) / Σ exp(x − max)` in float64; a NaN anywhere makes every value NaN, as does a row of −∞.
func softmax(_ x: [Double]) -> [Double] {
  let maximum = x.reduce(-Double.infinity) { $1 > $0 ? $1 : $0 }
  let exponentials = x.map { exp($0 - maximum) }
  let sum = exponentials.reduce(0, +)
  return exponentials.map { $0 / sum }
}

extension Softmax: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let y = try mapRows(operands[0]) { row in softmax(row.map(Double.init)).map { Float($0) } }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
