extension ValueFormats {
  /// GGUF's Q2_0: `half d; u8 q[16]`. A value is `d · (q − 1)`, q two bits, the first lowest.
  public enum Q2_0: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q2_0", gguf: 42, blockSize: 64, groupSize: 16, unitByteCount: 2, units: 9, levels: .unsigned(3, zero: 1),
      floats: [.float16(at: 0)])
  }
}

extension Encoding {
  public static let q2_0 = Encoding(ValueFormats.Q2_0.format)
}
