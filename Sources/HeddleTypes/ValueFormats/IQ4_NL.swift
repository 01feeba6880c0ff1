extension ValueFormats {
  /// GGUF's IQ4_NL: `half d; u8 q[16]`. A value is d times one of 16 levels from −127 to 113, by nibbles as in Q4_0.
  public enum IQ4_NL: ValueFormatDefinition {
    public static let format = ValueFormat(
      "iq4_nl", gguf: 20, blockSize: 32, groupSize: 32, unitByteCount: 2, units: 9, levels: .signed,
      floats: [.float16(at: 0)], codebooks: [.iq4_nl], hasEncoder: true)
  }
}

extension Encoding {
  public static let iq4_nl = Encoding(ValueFormats.IQ4_NL.format)
}
