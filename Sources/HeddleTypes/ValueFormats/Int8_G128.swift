extension ValueFormats {
  /// Symmetric levels of eight bits in groups of 128: `half d; i8 q[128]`. Value `k` is `d · q`. Q8_0 is the same for
  /// groups of 32.
  public enum Int8_G128: ValueFormatDefinition {
    public static let format = ValueFormat(
      "int8_g128", blockSize: 128, groupSize: 32, unitByteCount: 2, units: 65, levels: .signed,
      floats: [.float16(at: 0)], hasEncoder: true)
  }
}

extension Encoding {
  public static let int8_g128 = Encoding(ValueFormats.Int8_G128.format)
}
