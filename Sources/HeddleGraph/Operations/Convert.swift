/// The values of `x` in another encoding. Decoding to float32 is exact: the bits the format's reference gives.
///
/// Today every weight encoding converts to float32; other targets come with the operations that need them.
public struct Convert: OperationPayload {
  public var encoding: Encoding

  public init(encoding: Encoding) { self.encoding = encoding }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("x")
    let x = operands.types[0]
    guard encoding == .float32 else { throw .attribute("encoding", "must be f32, got \(encoding)") }
    guard x.encoding != .int32 else { throw .encoding(operand: "x", expected: "a weight encoding", got: x) }
    return [TensorType(encoding, x.shape)]
  }
}
