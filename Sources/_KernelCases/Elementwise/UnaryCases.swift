import Foundation
import HeddleGraph
import HeddleReference

extension Unary: CasedOperation {
  /// Every function on shapes around the vectors and pieces of the kernels, whole operands and views.
  public static func cases() throws -> [OpCase] {
    let shapes = [
      [1], [15], [16], [17], [3, 33], [257], [2, 3, 31], [64, 65], [], [0, 5], [2, 4, 2, 3], [5, 1536],
    ]
    var cases: [OpCase] = []
    for (index, function) in Unary.Function.allCases.enumerated() {
      for (number, shape) in shapes.enumerated() {
        let form = OperandForm.allCases[(number + index) % 4]
        let isSymbolic = number % 2 == 0 && !shape.isEmpty
        let draft = CaseDraft(Unary.self, "\(function.rawValue) \(shape) \(form)\(isSymbolic ? " symbolic" : "")")
        var extents = shape.map { Dimension($0) }
        if isSymbolic { extents[0] = try draft.builder.symbol("n", in: 0...1000) }
        let x = try draft.units(shape, times: [1, 4, 20][number % 3])
        let positive = function == .sqrt ? try Tensor(x.floats().map(abs), shape: shape) : x
        cases.append(try make(draft, function, positive, draft.input("x", positive, extents, form: form)))
      }
      let draft = CaseDraft(Unary.self, "\(function.rawValue) special values")
      let specials: [Float] = [
        .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 3.4e38, -3.4e38, 1e-30, -1e-30, 0.1, 16_777_216, -1e20, 1e10,
        -200, 200, -104, -95, -89, -88, 88, 20, -20, -14, -13, -10.5, -10, -9, -5, 5, 9, 0x1p-100,
      ]
      let x = try Tensor(specials, shape: [specials.count])
      cases.append(try make(draft, function, x, draft.input("x", x)))
      let sweep = CaseDraft(Unary.self, "\(function.rawValue) a sweep")
      let steps = try Tensor((0..<2048).map { Float($0 - 1023) * 0x1p-6 + 0x1p-9 }, shape: [2048])
      cases.append(try make(sweep, function, steps, sweep.input("x", steps)))
    }
    return cases
  }

  static func make(
    _ draft: CaseDraft, _ function: Unary.Function, _ x: Tensor, _ operand: Value
  ) throws -> OpCase {
    let y = try draft.builder.unary(function, operand)
    return try draft.finish(
      ["y": y], tolerance(function, x), floatingPointOperations: 4 * x.elementCount, zerosAreRight: true)
  }

  /// The laws of `Kernels/Common/activation_functions.cl`, and OpenCL's for what is the device's own. A device may flush
  /// what is below the least normal number, and exp(−x) overflows below −88.7, where x times its inverse is at most
  /// 2.7e−37.
  private static func tolerance(_ function: Unary.Function, _ x: Tensor) -> Tolerance {
    switch function {
    case .relu, .negate: .exact
    case .silu, .sigmoid: .relative(roundings: 14, smallest: 3e-37)
    case .tanh: .relative(roundings: 12)
    case .exp, .sqrt: .relative(roundings: 8)
    case .gelu:
      bounded(x) { x in
        let tail = 0.5 * erfc(abs(x) / 2.0.squareRoot())
        return 2 * abs(x) * (1 - (x < 0 ? 1 - tail : tail)) + abs(x) * tail * (20 + x * x)
      }
    case .geluTanh:
      bounded(x) { x in
        let z = (2 / Double.pi).squareRoot() * abs(x + 0.044715 * x * x * x)
        return abs(x) / (1 + Foundation.exp(x < 0 ? 2 * z : -2 * z)) * (14 + 8 * z)
      }
    }
  }

  /// `u · law(x)`; a law beyond numbers, where the result is the argument, zero or NaN, allows nothing.
  private static func bounded(_ x: Tensor, _ law: @escaping @Sendable (Double) -> Double) -> Tolerance {
    .bounded {
      let bounds = try x.floats().map { value -> Double in
        let bound = law(Double(value))
        return (bound.isFinite ? bound * Tolerance.unit : 0) + 0x1p-118
      }
      return ["y": bounds]
    }
  }
}
