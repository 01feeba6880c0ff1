import Foundation
import HeddleGraph

extension Unary: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    [try Tensor(operands[0].floats().map { Float(function.value(Double($0))) }, shape: context.shapes[0])]
  }
}

extension Unary.Function {
  /// The function in float64.
  fileprivate func value(_ x: Double) -> Double {
    switch self {
    case .relu: Activation.relu.value(x)
    case .silu: Activation.silu.value(x)
    case .gelu: Activation.gelu.value(x)
    case .geluTanh: Activation.geluTanh.value(x)
    case .sigmoid: 1 / (1 + Foundation.exp(-x))
    case .tanh: Foundation.tanh(x)
    case .exp: Foundation.exp(x)
    case .sqrt: x.squareRoot()
    case .negate: -x
    }
  }
}
