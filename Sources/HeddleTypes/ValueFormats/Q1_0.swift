extension ValueFormats {
  /// GGUF's Q1_0: `half d; u8 q[16]`. A value is d where its bit of q is 1, and −d else.
  public enum Q1_0: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q1_0", gguf: 41, blockSize: 128, groupSize: 16, unitByteCount: 2, units: 9, levels: .unsigned(2, zero: 1),
      floats: [.float16(at: 0)])
  }
}

extension Encoding {
  public static let q1_0 = Encoding(ValueFormats.Q1_0.format)
}
