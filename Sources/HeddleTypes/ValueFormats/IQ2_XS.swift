extension ValueFormats {
  /// GGUF's IQ2_XS: `half d; u16 q[32]; u8 s[8]`. A value is `± d · (½ + s) / 4` times 8, 25 or 43, of eight values by
  /// nine bits of q in a table of 512, with seven signs above them; s is four bits for 16 values.
  public enum IQ2_XS: ValueFormatDefinition {
    public static let format = ValueFormat(
      "iq2_xs", gguf: 17, blockSize: 256, groupSize: 8, unitByteCount: 2, units: 37,
      floats: [.float16(at: 0)], codebooks: [.iq2_xs])
  }
}

extension Encoding {
  public static let iq2_xs = Encoding(ValueFormats.IQ2_XS.format)
}
