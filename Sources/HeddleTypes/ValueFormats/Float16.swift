extension ValueFormats {
  /// IEEE 754 binary16, little-endian.
  public enum Float16: ValueFormatDefinition {
    public static let format = ValueFormat(
      "f16", gguf: 1, blockSize: 1, groupSize: 1, unitByteCount: 2, units: 1, floats: [.float16(at: 0)])
  }
}

extension ValueFormat {
  public static let float16 = ValueFormats.Float16.format
}

extension Encoding {
  public static let float16 = Encoding(ValueFormats.Float16.format)
}
