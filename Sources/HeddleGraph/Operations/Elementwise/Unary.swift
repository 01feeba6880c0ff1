/// `y = f(x)`, element by element: x and the result float32 of one shape.
///
/// The first four functions are ``Activation``'s. Of the others, `sigmoid` is `1 / (1 + exp(−x))`, `sqrt` of a number
/// below zero is NaN, and `negate` changes the sign of a zero too. NaN gives NaN.
public struct Unary: GraphOperation {
  public static let description = OperationDescription(
    "unary", family: "Elementwise", "y = function(x)",
    operands: [.init("x", "[…] f32")],
    members: [.init("function", .choice, choices: Function.allCases.map(\.rawValue))], result: "[…] f32")

  public enum Function: String, Hashable, Codable, Sendable, CaseIterable, ChoiceText {
    case relu, silu, gelu, geluTanh
    case sigmoid, tanh, exp, sqrt, negate

    static let meaning = "a function of one value"

    public init(_ activation: Activation) {
      self =
        switch activation {
        case .relu: .relu
        case .silu: .silu
        case .gelu: .gelu
        case .geluTanh: .geluTanh
        }
    }

    /// The activation of that name, if it is one.
    public var activation: Activation? { Activation(rawValue: rawValue) }
  }

  public var function: Function

  public init(function: Function) { self.function = function }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    [try operands.float32("x")]
  }
}

extension GraphBuilder {
  /// ``Unary``
  public func unary(
    _ function: Unary.Function, _ x: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Unary(function: function), [x], label, file, line)
  }
}
