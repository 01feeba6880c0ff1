/// The values of `x` in another encoding: dense float32, float16 or bfloat16, in blocks that share scales, or what a sparse
/// encoding keeps of them.
///
/// Dense: x of any encoding but int32, of any shape.
/// - To float32 the values are exact: the bits the format's reference gives. To a 16-bit format they are rounded once,
///   from float32, to the nearest, ties to even; beyond the range of float16 to an infinity. NaN stays NaN, and what has
///   the encoding already stays as it is, bit by bit.
///
/// Blocks, of a format with an encoder (``ValueFormat/hasEncoder``): x `[…, K]` float32, K fixed and a multiple of the format's
/// block; the result is the bytes of a file of that type.
/// - Scales are searched for the least `Σ w[k] (x[…, k] − y[…, k])²`, w the importance `[K]` float32, or 1. It is no less
///   than 2⁻²⁰ of a block's greatest; its sign does not count. The bytes are the same on every device.
/// - Without importance the scale of `fp8_…` is `max∣x∣ / 448` or, of e5m2, `/ 57344`, and values are `x / d` rounded to the
///   nearest, ties to even; that of `nf4` is `max∣x∣`, and values are the nearest levels to `x · (1 / d)`, halfway the lower, as
///   bitsandbytes has it.
/// - Of a block with a value that is infinite, NaN, or too great for the format, the scales are infinite. Too great for half
///   scales is about their 65504 times the greatest level, for float scales 2¹²⁷.
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
    "the values of x in another encoding: dense, rounded to nearest even; in blocks, with the scales of least error weighted "
      + "by importance; or sparse, what the pattern keeps by magnitude",
    operands: [
      .init("x", "[…], any weight encoding; [M, K] f32 for a sparse result, […, K] f32 for one in blocks"),
      .init("importance", "[K] f32, for a result in blocks", isOptional: true),
    ],
    members: [.init("encoding", .encoding)], result: "the encoding, of x's shape")

  public var encoding: Encoding

  public init(encoding: Encoding) { self.encoding = encoding }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    if isSearched {
      let x = try operands.float32("x")
      if operands.given("importance") != nil {
        let importance = try operands.float32("importance", rank: 1)
        try operands.equal(importance.extent(0), x.extent(-1), "the counts of importance and of values of a row")
      }
      return [try operands.wholeBlocks("x", TensorType(encoding, x.shape))]
    }
    guard operands.given("importance") == nil else {
      throw .attribute("encoding", "must be in blocks where importance is given, got \(encoding)")
    }
    if encoding.pattern != nil { return [try ofFixedShape(operands.float32("x", rank: 2))] }
    guard encoding.isScalar, !encoding.values.isInteger else {
      throw .attribute("encoding", "must be f32, f16, bf16, sparse or of blocks that are made, got \(encoding)")
    }
    let x = try operands["x"]
    guard x.encoding != .int32 else { throw .encoding(operand: "x", expected: "a weight encoding", got: x) }
    return [TensorType(encoding, x.shape)]
  }

  /// Whether the result is blocks whose scales are searched for.
  package var isSearched: Bool { encoding.isMadeInBlocks }

  private func ofFixedShape(_ x: TensorType) throws(InferenceError) -> TensorType {
    let shape = x.shape.compactMap(\.constant)
    guard shape.count == x.rank else { throw .attribute("x", "must have a fixed shape, got \(x)") }
    do {
      _ = try encoding.byteCount(shape: shape)
    } catch {
      throw .type("\(error)")
    }
    return TensorType(encoding, x.shape)
  }

  /// What has the encoding already is itself.
  public func effect(on operands: [TensorType]) -> Effect {
    operands.first?.encoding == encoding ? .view(of: 0) : .pure
  }

  public func takesWeight(at operand: Int, of operands: [TensorType]) -> Bool {
    guard encoding.isScalar, let x = operands.first else { return false }
    return x.encoding != .float32 && x.encoding != encoding
  }
}

extension GraphBuilder {
  /// ``Encode``
  public func encode(
    _ x: Value, as encoding: Encoding, importance: Value? = nil, label: String? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Encode(encoding: encoding), [x] + [importance].compactMap { $0 }, label, file, line)
  }
}
