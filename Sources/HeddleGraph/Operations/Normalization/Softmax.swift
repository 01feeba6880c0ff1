/// `y[…, d] = exp(x[…, d] − max) / Σ_d exp(x[…, d] − max)` over the last axis.
///
/// - x `[…, D]` float32; result like x. A row of −∞ gives NaN: masks that may cover a whole row belong in attention.
public struct Softmax: GraphOperation {
  public static let description = OperationDescription(
    "softmax", family: "Normalization", "y[…, d] = exp(x[…, d] − max) / Σ_d exp(x[…, d] − max)",
    operands: [.init("x", "[…, D] f32")], result: "[…, D] f32")

  public init() {}

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands.float32("x")
    guard x.rank >= 1 else { throw .rank(operand: "x", expected: "1 or more", got: x) }
    return [x]
  }
}

extension GraphBuilder {
  /// ``Softmax``
  public func softmax(
    _ x: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Softmax(), [x], label, file, line)
  }
}
