extension ValueFormats {
  /// GGUF's IQ3_XXS: `half d; u8 q[64]; u32 w[8]`. A value is `± d · (½ + s) / 2` times one of eight levels from 4 to
  /// 62, of four values by q in a table of 256. Of 32 values w has seven signs for each eight, and s in four bits.
  public enum IQ3_XXS: ValueFormatDefinition {
    public static let format = ValueFormat(
      "iq3_xxs", gguf: 18, blockSize: 256, groupSize: 8, unitByteCount: 2, units: 49,
      floats: [.float16(at: 0)], codebooks: [.iq3_xxs])
  }
}

extension Encoding {
  public static let iq3_xxs = Encoding(ValueFormats.IQ3_XXS.format)
}
