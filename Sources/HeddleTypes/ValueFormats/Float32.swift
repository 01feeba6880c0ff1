extension ValueFormats {
  /// IEEE 754 binary32, little-endian.
  public enum Float32: ValueFormatDefinition {
    public static let format = ValueFormat(
      "f32", gguf: 0, blockSize: 1, groupSize: 1, unitByteCount: 4, units: 1, floats: [.float32(at: 0)])
  }
}

extension ValueFormat {
  public static let float32 = ValueFormats.Float32.format
}

extension Encoding {
  public static let float32 = Encoding(ValueFormats.Float32.format)
}
