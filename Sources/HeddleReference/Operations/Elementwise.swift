import Foundation
import HeddleGraph

extension Elementwise: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let (left, right) = (try operands[0].floats(), try operands[1].floats())
    let lefts = broadcastOffsets(operands[0].shape, to: context.shapes[0])
    let rights = broadcastOffsets(operands[1].shape, to: context.shapes[0])
    let y = zip(lefts, rights).map { a, b in
      switch function {
      case .add: left[a] + right[b]
      case .multiply: left[a] * right[b]
      }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}

extension GatedSiLU: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let y = zip(try operands[0].floats(), try operands[1].floats()).map { Activation.silu.value($0) * $1 }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}

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
