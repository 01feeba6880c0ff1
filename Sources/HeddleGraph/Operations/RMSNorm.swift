/// `y[…, d] = weight[d] · x[…, d] / √(mean_d(x²) + epsilon)`.
///
/// - x `[…, D]` float32, weight `[D]` float32; result like x.
/// - A sum of squares beyond the range of float32 is infinite, so its row is `0 · x`: zeros, NaN where x is infinite.
///   With epsilon 0 a row of zeros is NaN. D = 0 has no values to give.
/// - Source: Zhang and Sennrich, *Root Mean Square Layer Normalization*, 2019.
public struct RMSNorm: OperationPayload {
  public var epsilon: Float

  public init(epsilon: Float) { self.epsilon = epsilon }

  // Traps: never, the operands' ranks are checked first.
  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("x", "weight")
    let x = try operands.float32(0, "x")
    let weight = try operands.float32(1, "weight", rank: 1)
    guard let width = x.shape.last else { throw .rank(operand: "x", expected: "1 or more", got: x) }
    try operands.equal(width, weight.shape[0], "the width of x and of weight")
    guard epsilon >= 0, epsilon.isFinite else { throw .attribute("epsilon", "must be finite and not negative") }
    return [x]
  }
}
