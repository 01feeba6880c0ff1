/// The index of the greatest value of the last axis, int32. The lowest index wins a tie. Where there is a NaN, no value is
/// the greatest: the result is −1 − the index of the first NaN, so what should be a choice says that it is none.
///
/// - x `[…, D]` float32, `D ≥ 1`; result `[…]` int32.
public struct ArgMax: OperationPayload {
  public init() {}

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("x")
    let x = try operands.float32(0, "x")
    guard let width = x.shape.last else { throw .rank(operand: "x", expected: "1 or more", got: x) }
    try operands.require(width, "the last axis", atLeast: 1, atMost: Dimension(Int(Int32.max)))
    return [TensorType(.int32, Array(x.shape.dropLast()))]
  }
}
