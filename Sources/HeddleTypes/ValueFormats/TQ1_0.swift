extension ValueFormats {
  /// GGUF's TQ1_0: `u8 q[48]; u8 h[4]; half d`. A value is `d · (t − 1)`, t the first digit of a byte to the base 3 as
  /// a fraction of 256; of a byte times 3, 9, 27 or 81, modulo 256, the next ones. Five digits of each byte of q, four
  /// of h.
  public enum TQ1_0: ValueFormatDefinition {
    public static let format = ValueFormat(
      "tq1_0", gguf: 34, blockSize: 256, groupSize: 16, unitByteCount: 2, units: 27, levels: .unsigned(2, zero: 1),
      floats: [.float16(at: 52)])
  }
}

extension Encoding {
  public static let tq1_0 = Encoding(ValueFormats.TQ1_0.format)
}
