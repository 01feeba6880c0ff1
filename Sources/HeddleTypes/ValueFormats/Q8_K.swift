extension ValueFormats {
  /// GGUF's Q8_K: `float d; i8 q[256]; i16 sums[16]`. Value `k` is `d · q`, rounded to float32; the sums are not
  /// looked at.
  public enum Q8_K: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q8_k", gguf: 15, blockSize: 256, groupSize: 32, unitByteCount: 2, units: 146, levels: .signed,
      floats: [.float32(at: 0)])
  }
}

extension Encoding {
  public static let q8_k = Encoding(ValueFormats.Q8_K.format)
}
