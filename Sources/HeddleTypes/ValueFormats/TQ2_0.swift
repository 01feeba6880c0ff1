extension ValueFormats {
  /// GGUF's TQ2_0: `u8 q[64]; half d`. A value is `d · (q − 1)`, q two bits, in the order of Q2_K.
  public enum TQ2_0: ValueFormatDefinition {
    public static let format = ValueFormat(
      "tq2_0", gguf: 35, blockSize: 256, groupSize: 16, unitByteCount: 2, units: 33, levels: .unsigned(3, zero: 1),
      floats: [.float16(at: 64)])
  }
}

extension Encoding {
  public static let tq2_0 = Encoding(ValueFormats.TQ2_0.format)
}
