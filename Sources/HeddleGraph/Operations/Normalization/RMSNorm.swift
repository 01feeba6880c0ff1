/// `y[…, d] = weight[d] · x[…, d] / √(mean_d(x²) + epsilon)`.
///
/// - x `[…, D]` float32, weight `[D]` float32; result like x.
/// - A sum of squares beyond the range of float32 is infinite, so its row is `0 · x`: zeros, NaN where x is infinite.
///   With epsilon 0 a row of zeros is NaN. D = 0 has no values to give.
/// - Source: Zhang and Sennrich, *Root Mean Square Layer Normalization*, 2019.
public struct RMSNorm: GraphOperation {
  public static let description = OperationDescription(
    "rmsNorm", family: "Normalization", "y[…, d] = weight[d] · x[…, d] / √(mean_d(x²) + epsilon)",
    operands: [.init("x", "[…, D] f32"), .init("weight", "[D] f32")], members: [.init("epsilon", .number)],
    result: "[…, D] f32")

  public var epsilon: Float

  public init(epsilon: Float) { self.epsilon = epsilon }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands.float32("x")
    let weight = try operands.float32("weight", rank: 1)
    guard let width = x.shape.last else { throw .rank(operand: "x", expected: "1 or more", got: x) }
    try operands.equal(width, weight.extent(0), "the width of x and of weight")
    guard epsilon >= 0, epsilon.isFinite else { throw .attribute("epsilon", "must be finite and not negative") }
    return [x]
  }
}

extension GraphBuilder {
  /// ``RMSNorm``
  public func rmsNorm(
    _ x: Value, weight: Value, epsilon: Float, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(RMSNorm(epsilon: epsilon), [x, weight], label, file, line)
  }
}
