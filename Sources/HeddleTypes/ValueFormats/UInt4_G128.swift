extension ValueFormats {
  /// Levels of four bits with a zero-point in groups of 128: `float d; i16 z; u8 q[64]`.
  /// A value is `d · (q − z)`, nibbles as in `int4_g128`.
  public enum UInt4_G128: ValueFormatDefinition {
    public static let format = ValueFormat(
      "uint4_g128", blockSize: 128, groupSize: 32, unitByteCount: 2, units: 35, levels: .aboveLeast(15),
      floats: [.float32(at: 0)])
  }
}

extension Encoding {
  public static let uint4_g128 = Encoding(ValueFormats.UInt4_G128.format)
}
