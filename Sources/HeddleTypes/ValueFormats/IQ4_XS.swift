extension ValueFormats {
  /// GGUF's IQ4_XS: `half d; u16 h; u8 s[4]; u8 q[128]`. A value is `d · (s − 32)` times a level of IQ4_NL, s of 32
  /// values a nibble in s below two bits in h; 16 bytes of nibbles for each 32 values, as in Q4_0.
  public enum IQ4_XS: ValueFormatDefinition {
    public static let format = ValueFormat(
      "iq4_xs", gguf: 23, blockSize: 256, groupSize: 32, unitByteCount: 2, units: 68, levels: .signed,
      floats: [.float16(at: 0)], codebooks: [.iq4_nl], hasEncoder: true)
  }
}

extension Encoding {
  public static let iq4_xs = Encoding(ValueFormats.IQ4_XS.format)
}
