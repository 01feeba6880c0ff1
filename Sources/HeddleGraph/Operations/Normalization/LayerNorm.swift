/// `y[…, d] = weight[d] · (x[…, d] − μ) / √(mean_d((x − μ)²) + epsilon) + bias[d]`, μ = mean_d(x).
///
/// - x `[…, D]` float32, weight `[D]` float32, optional bias `[D]` float32; result like x.
/// - A row whose sum or whose sum of squares is beyond the range of float32, or that holds a value that is not finite, has
///   no finite result. With epsilon 0 a row of equal values is NaN. D = 0 has no values to give.
/// - Source: Ba, Kiros and Hinton, *Layer Normalization*, 2016.
public struct LayerNorm: GraphOperation {
  public static let description = OperationDescription(
    "layerNorm", family: "Normalization",
    "y[…, d] = weight[d] · (x[…, d] − μ) / √(mean_d((x − μ)²) + epsilon) + bias[d], μ = mean_d(x)",
    operands: [
      .init("x", "[…, D] f32"), .init("weight", "[D] f32"), .init("bias", "[D] f32", isOptional: true),
    ], members: [.init("epsilon", .number)], result: "[…, D] f32")

  public var epsilon: Float

  public init(epsilon: Float) { self.epsilon = epsilon }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands.float32("x")
    guard let width = x.shape.last else { throw .rank(operand: "x", expected: "1 or more", got: x) }
    for name in ["weight", "bias"] where operands.given(name) != nil {
      try operands.equal(width, operands.float32(name, rank: 1).extent(0), "the width of x and of \(name)")
    }
    guard epsilon >= 0, epsilon.isFinite else { throw .attribute("epsilon", "must be finite and not negative") }
    return [x]
  }
}

extension GraphBuilder {
  /// ``LayerNorm``
  public func layerNorm(
    _ x: Value, weight: Value, bias: Value? = nil, epsilon: Float, label: String? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> Value {
    try single(LayerNorm(epsilon: epsilon), [x, weight] + [bias].compactMap { $0 }, label, file, line)
  }
}
