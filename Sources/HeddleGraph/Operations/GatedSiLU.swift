/// `y = silu(gate) · up`: the gate of a SwiGLU feed-forward.
///
/// - gate and up of one float32 shape; result like them. ``Activation/silu``, rounded to float32, then the product: the
///   bits of the two operations one by one.
/// - Source: Shazeer, *GLU Variants Improve Transformer*, 2020.
public struct GatedSiLU: OperationPayload {
  public init() {}

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("gate", "up")
    let gate = try operands.float32(0, "gate")
    let up = try operands.float32(1, "up")
    guard gate == up else { throw .type("gate and up must have one shape, got \(gate) and \(up)") }
    return [gate]
  }
}
