extension ValueFormats {
  /// GGUF's IQ1_M: `u8 q[32]; u8 h[16]; u16 s[4]`. A value is `d · (2s + 1) · (c ± ⅛)`, c one of eight in the table of
  /// IQ1_S. Of eight values a nibble of h has the three high bits of the place and the sign of ⅛; of 16 values s has
  /// three bits. The highest nibbles of s are those of the float16 d, the lowest first.
  public enum IQ1_M: ValueFormatDefinition {
    public static let format = ValueFormat(
      "iq1_m", gguf: 29, blockSize: 256, groupSize: 8, unitByteCount: 2, units: 28,
      floats: [.float16InNibbles(at: 48)], codebooks: [.iq1_s])
  }
}

extension Encoding {
  public static let iq1_m = Encoding(ValueFormats.IQ1_M.format)
}
