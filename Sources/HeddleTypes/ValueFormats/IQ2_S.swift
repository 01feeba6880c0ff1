extension ValueFormats {
  /// GGUF's IQ2_S: `half d; u8 q[32]; u8 signs[32]; u8 h[8]; u8 s[8]`. A value is `± d · (½ + s) / 4` times 8, 25 or
  /// 43, of eight values by q below two bits of h in a table of 1024; s is four bits for 16 values.
  public enum IQ2_S: ValueFormatDefinition {
    public static let format = ValueFormat(
      "iq2_s", gguf: 22, blockSize: 256, groupSize: 8, unitByteCount: 2, units: 41,
      floats: [.float16(at: 0)], codebooks: [.iq2_s])
  }
}

extension Encoding {
  public static let iq2_s = Encoding(ValueFormats.IQ2_S.format)
}
