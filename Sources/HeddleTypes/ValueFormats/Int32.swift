extension ValueFormats {
  /// Whole numbers of 32 bits, two's complement, little-endian.
  public enum Int32: ValueFormatDefinition {
    public static let format = ValueFormat(
      "i32", gguf: 26, blockSize: 1, groupSize: 1, unitByteCount: 4, units: 1, isInteger: true)
  }
}

extension ValueFormat {
  public static let int32 = ValueFormats.Int32.format
}

extension Encoding {
  public static let int32 = Encoding(ValueFormats.Int32.format)
}
