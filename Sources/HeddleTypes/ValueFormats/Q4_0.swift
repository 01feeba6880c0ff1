extension ValueFormats {
  /// GGUF's Q4_0: `half d; u8 q[16]`. Value `k` is `d · (q − 8)`, q the low nibble of byte `k`, from `k = 16` on the high
  /// nibble of byte `k − 16`.
  public enum Q4_0: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q4_0", gguf: 2, blockSize: 32, groupSize: 32, unitByteCount: 2, units: 9, levels: .unsigned(15, zero: 8),
      floats: [.float16(at: 0)], hasEncoder: true)
  }
}

extension Encoding {
  public static let q4_0 = Encoding(ValueFormats.Q4_0.format)
}
