extension ValueFormats {
  /// Normal floats of four bits: `float d; u8 q[32]`, 64 values. A value is d, the greatest magnitude, times one of 16 levels that
  /// are quantiles of a normal distribution (Dettmers et al., "QLoRA", 2023, appendix E); nibbles as in `int4_g64`.
  public enum NF4: ValueFormatDefinition {
    public static let format = ValueFormat(
      "nf4", blockSize: 64, groupSize: 32, unitByteCount: 2, units: 18, floats: [.float32(at: 0)], codebooks: [.nf4],
      hasEncoder: true)
  }
}

extension Encoding {
  public static let nf4 = Encoding(ValueFormats.NF4.format)
}
