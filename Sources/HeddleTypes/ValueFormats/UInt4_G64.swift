extension ValueFormats {
  /// Levels of four bits with a zero-point in groups of 64: `float d; i16 z; u8 q[32]`.
  /// A value is `d · (q − z)`, nibbles as in `int4_g64`.
  public enum UInt4_G64: ValueFormatDefinition {
    public static let format = ValueFormat(
      "uint4_g64", blockSize: 64, groupSize: 32, unitByteCount: 2, units: 19, levels: .aboveLeast(15),
      floats: [.float32(at: 0)])
  }
}

extension Encoding {
  public static let uint4_g64 = Encoding(ValueFormats.UInt4_G64.format)
}
