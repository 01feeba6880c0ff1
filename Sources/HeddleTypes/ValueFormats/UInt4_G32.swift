extension ValueFormats {
  /// Levels of four bits with a zero-point in groups of 32: `float d; i16 z; u8 q[16]`.
  /// Value `k` is `d · (q − z)`, nibbles as in Q4_0.
  public enum UInt4_G32: ValueFormatDefinition {
    public static let format = ValueFormat(
      "uint4_g32", blockSize: 32, groupSize: 32, unitByteCount: 2, units: 11, levels: .aboveLeast(15),
      floats: [.float32(at: 0)])
  }
}

extension Encoding {
  public static let uint4_g32 = Encoding(ValueFormats.UInt4_G32.format)
}
