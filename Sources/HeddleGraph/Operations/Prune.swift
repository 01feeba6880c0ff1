/// What a sparse format keeps of `x`, by magnitude: the bytes that ``SparseLayout`` describes.
///
/// - Kept are, as the pattern shares places, the greatest `∣x∣`, the greatest sums of `∣x∣` down 32 rows, or the greatest
///   sums over a block, of all blocks. Sums are float32, row after row and in a row along K. Of equals the first is kept;
///   NaN counts as 0. Kept values are quantized as the format's reference does it: the bytes are the same on every device
///   that keeps subnormals.
/// - x `[M, K]` float32 of fixed shape, K a multiple of the pattern's span; result `[M, K]` in the format. M or K may be 0.
public struct Prune: OperationPayload {
  public var format: SparseFormat

  public init(format: SparseFormat) { self.format = format }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("x")
    let x = try operands.float32(0, "x", rank: 2)
    let shape = x.shape.compactMap(\.constant)
    guard shape.count == 2 else { throw .attribute("x", "must have a fixed shape, got \(x)") }
    let result = TensorType(.sparse(format), x.shape)
    do {
      _ = try result.encoding.byteCount(shape: shape)
    } catch {
      throw .type("\(error)")
    }
    return [result]
  }
}
