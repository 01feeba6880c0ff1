/// The values of `x` as levels of eight bits, in blocks of 32 along the last axis: what products of whole numbers take.
///
/// `d = max∣x∣ / 127` of a block, `q = x / d` rounded to the nearest, ties to even; a value is then `d · q`, off by at most
/// `d / 2`: 0.4 % of the greatest magnitude of its block.
///
/// - x `[…, K]` float32, K a multiple of 32; the result has x's shape, in the encoding q8_dynamic.
/// - A block whose d is below the least normal number is 0; one with a value that is not finite gives products that are not.
/// - Source: the formula is that of ggml's Q8_0, with a float32 scale.
public struct QuantizeActivations: GraphOperation {
  public static let description = OperationDescription(
    "quantizeActivations", family: "Quantization",
    "the values of x as levels of eight bits, a scale for each 32: what products of whole numbers take",
    operands: [.init("x", "[…, K] f32, K a multiple of 32")], result: "q8_dynamic, of x's shape")

  public init() {}

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands.float32("x")
    guard x.rank >= 1 else { throw .rank(operand: "x", expected: "1 or more", got: x) }
    guard let width = x.extent(-1).constant, width.isMultiple(of: Encoding.q8_dynamic.blockSize) else {
      throw .attribute("x", "must have rows of a fixed multiple of 32, got \(x)")
    }
    return [TensorType(.q8_dynamic, x.shape)]
  }
}

extension GraphBuilder {
  /// ``QuantizeActivations``
  public func quantizeActivations(
    _ x: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(QuantizeActivations(), [x], label, file, line)
  }
}
