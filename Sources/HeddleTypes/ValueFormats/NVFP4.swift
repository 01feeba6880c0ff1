extension ValueFormats {
  /// GGUF's NVFP4: `u8 s[4]; u8 q[32]`. A value is s times the float of four bits q as in MXFP4, s of 16 values a float with
  /// four bits of exponent and three of mantissa, its sign ignored, 0 for NaN. Of 16 values the first eight are low nibbles.
  public enum NVFP4: ValueFormatDefinition {
    public static let format = ValueFormat(
      "nvfp4", gguf: 40, blockSize: 64, groupSize: 16, unitByteCount: 2, units: 18,
      levels: .unsigned(24, zero: 12))
  }
}

extension Encoding {
  public static let nvfp4 = Encoding(ValueFormats.NVFP4.format)
}
