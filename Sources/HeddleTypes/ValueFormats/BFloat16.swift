extension ValueFormats {
  /// The upper half of a binary32, little-endian.
  public enum BFloat16: ValueFormatDefinition {
    public static let format = ValueFormat(
      "bf16", gguf: 30, blockSize: 1, groupSize: 1, unitByteCount: 2, units: 1, floats: [.bfloat16(at: 0)])
  }
}

extension ValueFormat {
  public static let bfloat16 = ValueFormats.BFloat16.format
}

extension Encoding {
  public static let bfloat16 = Encoding(ValueFormats.BFloat16.format)
}
