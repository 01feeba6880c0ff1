extension ValueFormats {
  /// Floats of eight bits in groups of 32: `float d; u8 q[32]`. Value `k` is d times q, rounded once: a sign, four bits of
  /// exponent, three of mantissa; no infinities, NaN where all bits but the sign are ones (`e4m3fn`).
  public enum FP8_E4M3_G32: ValueFormatDefinition {
    public static let format = ValueFormat(
      "fp8_e4m3_g32", blockSize: 32, groupSize: 32, unitByteCount: 2, units: 18,
      floats: [.float32(at: 0), .e4m3(from: 4, count: 32)], hasEncoder: true)
  }
}

extension Encoding {
  public static let fp8_e4m3_g32 = Encoding(ValueFormats.FP8_E4M3_G32.format)
}
