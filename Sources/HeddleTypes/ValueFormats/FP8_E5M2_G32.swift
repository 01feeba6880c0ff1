extension ValueFormats {
  /// Floats of eight bits in groups of 32: `float d; u8 q[32]`. Value `k` is d times q, rounded once: a sign, five bits of
  /// exponent, two of mantissa; infinities and NaN as IEEE 754 has them.
  public enum FP8_E5M2_G32: ValueFormatDefinition {
    public static let format = ValueFormat(
      "fp8_e5m2_g32", blockSize: 32, groupSize: 32, unitByteCount: 2, units: 18,
      floats: [.float32(at: 0), .e5m2(from: 4, count: 32)], hasEncoder: true)
  }
}

extension Encoding {
  public static let fp8_e5m2_g32 = Encoding(ValueFormats.FP8_E5M2_G32.format)
}
