/// `y[…, d] = exp(x[…, d] − max) / Σ_d exp(x[…, d] − max)` over the last axis.
///
/// - x `[…, D]` float32; result like x. A row of −∞ gives NaN: masks that may cover a whole row belong in attention.
public struct Softmax: OperationPayload {
  public init() {}

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("x")
    let x = try operands.float32(0, "x")
    guard x.rank >= 1 else { throw .rank(operand: "x", expected: "1 or more", got: x) }
    return [x]
  }
}
