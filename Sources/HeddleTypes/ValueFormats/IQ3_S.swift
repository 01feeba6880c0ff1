extension ValueFormats {
  /// GGUF's IQ3_S: `half d; u8 q[64]; u8 h[8]; u8 signs[32]; u8 s[4]`. A value is `± d · (1 + 2s)` times an odd number
  /// from 1 to 15, of four values by q below a bit of h in a table of 512; s is four bits for 32 values.
  public enum IQ3_S: ValueFormatDefinition {
    public static let format = ValueFormat(
      "iq3_s", gguf: 21, blockSize: 256, groupSize: 8, unitByteCount: 2, units: 55,
      floats: [.float16(at: 0)], codebooks: [.iq3_s])
  }
}

extension Encoding {
  public static let iq3_s = Encoding(ValueFormats.IQ3_S.format)
}
