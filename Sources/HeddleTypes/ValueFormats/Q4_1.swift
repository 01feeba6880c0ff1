extension ValueFormats {
  /// GGUF's Q4_1: `half d; half m; u8 q[16]`. Value `k` is `d · q + m`, q the low nibble of byte `k`, from `k = 16` on the
  /// high nibble of byte `k − 16`.
  public enum Q4_1: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q4_1", gguf: 3, blockSize: 32, groupSize: 32, unitByteCount: 2, units: 10, levels: .aboveLeast(15),
      floats: [.float16(at: 0), .float16(at: 2)], hasEncoder: true)
  }
}

extension Encoding {
  public static let q4_1 = Encoding(ValueFormats.Q4_1.format)
}
