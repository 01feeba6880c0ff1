extension ValueFormats {
  /// Levels of eight bits with a zero-point in groups of 128: `float d; i16 z; u8 q[128]`. Value `k` is `d · (q − z)`.
  public enum UInt8_G128: ValueFormatDefinition {
    public static let format = ValueFormat(
      "uint8_g128", blockSize: 128, groupSize: 32, unitByteCount: 2, units: 67, levels: .signedAboveLeast,
      floats: [.float32(at: 0)])
  }
}

extension Encoding {
  public static let uint8_g128 = Encoding(ValueFormats.UInt8_G128.format)
}
