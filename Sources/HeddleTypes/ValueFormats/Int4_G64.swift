extension ValueFormats {
  /// Symmetric levels of four bits in groups of 64: `half d; u8 q[32]`. A value is `d · (q − 8)`; of each 32 values the
  /// first sixteen are the low nibbles of 16 bytes, the others the high ones, as in Q4_0, which is the same for groups of 32.
  public enum Int4_G64: ValueFormatDefinition {
    public static let format = ValueFormat(
      "int4_g64", blockSize: 64, groupSize: 32, unitByteCount: 2, units: 17, levels: .unsigned(15, zero: 8),
      floats: [.float16(at: 0)], hasEncoder: true)
  }
}

extension Encoding {
  public static let int4_g64 = Encoding(ValueFormats.Int4_G64.format)
}
