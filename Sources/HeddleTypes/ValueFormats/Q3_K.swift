extension ValueFormats {
  /// GGUF's Q3_K: `u8 h[32]; u8 q[64]; u8 s[12]; half d`. A value is `d · (s − 32) · (q − 4)`, s six bits for 16
  /// values, q two bits in q below one in h, in ggml's order (`block_q3_K` in `ggml-common.h`).
  public enum Q3_K: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q3_k", gguf: 11, blockSize: 256, groupSize: 16, unitByteCount: 2, units: 55, levels: .unsigned(7, zero: 4),
      floats: [.float16(at: 108)], hasEncoder: true)
  }
}

extension Encoding {
  public static let q3_k = Encoding(ValueFormats.Q3_K.format)
}
