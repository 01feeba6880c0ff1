extension ValueFormats {
  /// GGUF's IQ2_XXS: `half d; u16 q[32]`. Four of the q belong to 32 values: a place in a table of 256 for each eight of them,
  /// 7 signs for each eight, and `s` of four bits. A value is `± d · (½ + s) / 4` times the table's 8, 25 or 43.
  public enum IQ2_XXS: ValueFormatDefinition {
    public static let format = ValueFormat(
      "iq2_xxs", gguf: 16, blockSize: 256, groupSize: 8, unitByteCount: 2, units: 33, floats: [.float16(at: 0)],
      codebooks: [.iq2_xxs])
  }
}

extension Encoding {
  public static let iq2_xxs = Encoding(ValueFormats.IQ2_XXS.format)
}
