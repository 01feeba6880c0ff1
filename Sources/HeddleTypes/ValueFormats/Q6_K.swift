extension ValueFormats {
  /// GGUF's Q6_K: `u8 ql[128]; u8 qh[64]; i8 s[16]; half d`. A value is `d · s · (q − 32)`, s of 16 values, q six bits, four in
  /// ql and two in qh, in ggml's order (`block_q6_K` in `ggml-common.h`).
  public enum Q6_K: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q6_k", gguf: 14, blockSize: 256, groupSize: 16, unitByteCount: 2, units: 105, levels: .unsigned(63, zero: 32),
      floats: [.float16(at: 208)], hasEncoder: true)
  }
}

extension Encoding {
  public static let q6_k = Encoding(ValueFormats.Q6_K.format)
}
