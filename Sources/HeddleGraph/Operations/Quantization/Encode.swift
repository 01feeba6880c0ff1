/// The values of `x` in another encoding: dense float32, float16 or bfloat16, or what a sparse encoding keeps of them.
///
/// Dense: x of any encoding but int32, of any shape.
/// - To float32 the values are exact: the bits the format's reference gives. To a 16-bit format they are rounded once,
///   from float32, to the nearest, ties to even; beyond the range of float16 to an infinity. NaN stays NaN, and what has
///   the encoding already stays as it is, bit by bit.
///
/// Sparse: x `[M, K]` float32 of fixed shape, K a multiple of the pattern's span; the result is the bytes that
/// ``SparseLayout`` describes. M or K may be 0.
/// - Kept are, as the pattern shares places, the greatest `∣x∣`, the greatest sums of `∣x∣` down 32 rows, or the greatest
///   sums over a block, of all blocks. Sums are float32, row after row and in a row along K. Of equals the first is kept;
///   NaN counts as 0. Kept values are quantized as the format's reference does it: the bytes are the same on every device
///   that keeps subnormals.
public struct Encode: GraphOperation {
  public static let description = OperationDescription(
    "encode", family: "Quantization",
    "the values of x in another encoding: dense, rounded to nearest even; or sparse, what the pattern keeps by magnitude",
    operands: [.init("x", "[…], any weight encoding; [M, K] f32 for a sparse result")],
    members: [.init("encoding", .encoding)], result: "the encoding, of x's shape")

  public var encoding: Encoding

  public init(encoding: Encoding) { self.encoding = encoding }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    switch encoding {
    case .dense(let scalar) where scalar.isFloatingPoint:
      let x = try operands["x"]
      guard x.encoding != .int32 else { throw .encoding(operand: "x", expected: "a weight encoding", got: x) }
      return [TensorType(encoding, x.shape)]
    case .sparse:
      let x = try operands.float32("x", rank: 2)
      let shape = x.shape.compactMap(\.constant)
      guard shape.count == 2 else { throw .attribute("x", "must have a fixed shape, got \(x)") }
      do {
        _ = try encoding.byteCount(shape: shape)
      } catch {
        throw .type("\(error)")
      }
      return [TensorType(encoding, x.shape)]
    default: throw .attribute("encoding", "must be f32, f16, bf16 or sparse, got \(encoding)")
    }
  }

  /// What has the encoding already is itself.
  public func effect(on operands: [TensorType]) -> Effect {
    operands.first?.encoding == encoding ? .view(of: 0) : .pure
  }

  public func takesWeight(at operand: Int, of operands: [TensorType]) -> Bool {
    guard case .dense = encoding, let x = operands.first else { return false }
    return x.encoding != .float32 && x.encoding != encoding
  }
}

extension GraphBuilder {
  /// ``Encode``
  public func encode(
    _ x: Value, as encoding: Encoding, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Encode(encoding: encoding), [x], label, file, line)
  }
}
