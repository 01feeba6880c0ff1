/// `y[t, m] = Σ_j weights[t, j] · x[t, j, m]`, in the order of j: what a token's experts gave, as one.
///
/// - x `[T, N, M]` float32, weights `[T, N]` float32; result `[T, M]` float32. N = 0 gives zeros.
/// - One chain of fused multiply-adds that starts at 0, so its bits do not depend on T.
public struct WeightedSum: GraphOperation {
  public static let description = OperationDescription(
    "weightedSum", family: "Experts", "y[t, m] = Σ_j weights[t, j] · x[t, j, m]",
    operands: [.init("x", "[T, N, M] f32"), .init("weights", "[T, N] f32")], result: "[T, M] f32")

  public init() {}

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands.float32("x", rank: 3)
    let weights = try operands.float32("weights", rank: 2)
    try operands.equal(x.extent(0), weights.extent(0), "the tokens of x and of weights")
    try operands.equal(x.extent(1), weights.extent(1), "the parts of x and of weights")
    return [TensorType(.float32, [x.extent(0), x.extent(2)])]
  }
}

extension GraphBuilder {
  /// ``WeightedSum``
  public func weightedSum(
    _ x: Value, weights: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(WeightedSum(), [x, weights], label, file, line)
  }
}
