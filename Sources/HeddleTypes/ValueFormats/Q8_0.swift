extension ValueFormats {
  /// GGUF's Q8_0: `half d; i8 q[32]`. Value `k` is `d · q`.
  public enum Q8_0: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q8_0", gguf: 8, blockSize: 32, groupSize: 32, unitByteCount: 2, units: 17, levels: .signed,
      floats: [.float16(at: 0)], hasEncoder: true)
  }
}

extension Encoding {
  public static let q8_0 = Encoding(ValueFormats.Q8_0.format)
}
