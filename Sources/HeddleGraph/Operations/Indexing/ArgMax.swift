/// The index of the greatest value of the last axis, int32. The lowest index wins a tie. Where there is a NaN, no value is
/// the greatest: the result is −1 − the index of the first NaN, so what should be a choice says that it is none.
///
/// - x `[…, D]` float32, `D ≥ 1`; result `[…]` int32.
public struct ArgMax: GraphOperation {
  public static let description = OperationDescription(
    "argmax", family: "Indexing",
    "the index of the greatest value of the last axis, −1 − index of the first NaN if there is one",
    operands: [.init("x", "[…, D] f32")], result: "[…] i32")

  public init() {}

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands.float32("x")
    guard let width = x.shape.last else { throw .rank(operand: "x", expected: "1 or more", got: x) }
    try operands.require(width, "the last axis", atLeast: 1, atMost: Dimension(Int(Int32.max)))
    return [TensorType(.int32, Array(x.shape.dropLast()))]
  }
}

extension GraphBuilder {
  /// ``ArgMax``
  public func argmax(
    _ x: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(ArgMax(), [x], label, file, line)
  }
}
