extension ValueFormats {
  /// GGUF's Q2_K: `u8 s[16]; u8 q[64]; half d; half e`. A value is `d · s · q − e · m`, s and m the low and the high
  /// nibble of a byte for 16 values, q two bits; they stand in ggml's order (`block_q2_K` in `ggml-common.h`).
  public enum Q2_K: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q2_k", gguf: 10, blockSize: 256, groupSize: 16, unitByteCount: 2, units: 42, levels: .aboveLeast(3),
      floats: [.float16(at: 80), .float16(at: 82)], hasEncoder: true)
  }
}

extension Encoding {
  public static let q2_k = Encoding(ValueFormats.Q2_K.format)
}
