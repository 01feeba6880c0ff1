/// The values of `x` in another encoding: dense float32, float16 or bfloat16.
///
/// - To float32 the values are exact: the bits the format's reference gives. To a 16-bit format they are rounded once,
///   from float32, to the nearest, ties to even; beyond the range of float16 to an infinity. NaN stays NaN, and what has
///   the encoding already stays as it is, bit by bit.
/// - x of any encoding but int32, of any shape.
public struct Convert: OperationPayload {
  public var encoding: Encoding

  public init(encoding: Encoding) { self.encoding = encoding }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("x")
    let x = operands.types[0]
    guard encoding.isScalar, !encoding.values.isInteger else {
      throw .attribute("encoding", "must be f32, f16 or bf16, got \(encoding)")
    }
    guard x.encoding != .int32 else { throw .encoding(operand: "x", expected: "a weight encoding", got: x) }
    return [TensorType(encoding, x.shape)]
  }
}
