import Foundation
import HeddleGraph

extension Activation {
  /// The function in float64; at −∞, where the product that defines it is `−∞ · 0`, its limit.
  func value(_ x: Double) -> Double {
    switch self {
    case .relu: x < 0 ? 0 : x
    case .silu: x == -.infinity ? -0.0 : x / (1 + exp(-x))
    // 1 + erf(z) = erfc(−z), without the cancellation.
    case .gelu: x == -.infinity ? 0 : 0.5 * x * erfc(-x * 0.5.squareRoot())
    case .geluTanh:
      // ½(1 + tanh(z)) = 1 / (1 + exp(−2z)), without the cancellation.
      x == -.infinity ? -0.0 : x / (1 + exp(-2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }
  }

  /// The function's value rounded to float32.
  func value(_ x: Float) -> Float { Float(value(Double(x))) }
}
