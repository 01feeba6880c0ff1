extension ValueFormats {
  /// GGUF's IQ1_S: `half d; u8 q[32]; u16 h[8]`. A value is `d · (2s + 1) · (c ± ⅛)`, c one of eight −1, 0 or 1 in a
  /// table of 2048. Of 32 values h has the three high bits of four places in the table, s in three bits, and the sign
  /// of ⅛.
  public enum IQ1_S: ValueFormatDefinition {
    public static let format = ValueFormat(
      "iq1_s", gguf: 19, blockSize: 256, groupSize: 8, unitByteCount: 2, units: 25,
      floats: [.float16(at: 0)], codebooks: [.iq1_s])
  }
}

extension Encoding {
  public static let iq1_s = Encoding(ValueFormats.IQ1_S.format)
}
