extension ValueFormats {
  /// Levels of eight bits with a zero-point in groups of 32: `float d; i16 z; u8 q[32]`. Value `k` is `d · (q − z)`.
  public enum UInt8_G32: ValueFormatDefinition {
    public static let format = ValueFormat(
      "uint8_g32", blockSize: 32, groupSize: 32, unitByteCount: 2, units: 19, levels: .signedAboveLeast,
      floats: [.float32(at: 0)])
  }
}

extension Encoding {
  public static let uint8_g32 = Encoding(ValueFormats.UInt8_G32.format)
}
