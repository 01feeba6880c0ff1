extension ValueFormats {
  /// Floats of eight bits in groups of 128: `float d; u8 q[128]`. Value `k` is d times q, rounded once: a sign, four bits of
  /// exponent, three of mantissa; no infinities, NaN where all bits but the sign are ones (`e4m3fn`).
  public enum FP8_E4M3_G128: ValueFormatDefinition {
    public static let format = ValueFormat(
      "fp8_e4m3_g128", blockSize: 128, groupSize: 32, unitByteCount: 2, units: 66,
      floats: [.float32(at: 0), .e4m3(from: 4, count: 128)], hasEncoder: true)
  }
}

extension Encoding {
  public static let fp8_e4m3_g128 = Encoding(ValueFormats.FP8_E4M3_G128.format)
}
