extension ValueFormats {
  /// GGUF's Q5_K: `half d; half e; u8 s[12]; u8 h[32]; u8 q[128]`. A value is `d · s · q − e · m`, s and m as in Q4_K,
  /// q a nibble in q below a bit in h, in ggml's order (`block_q5_K` in `ggml-common.h`).
  public enum Q5_K: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q5_k", gguf: 13, blockSize: 256, groupSize: 32, unitByteCount: 2, units: 88, levels: .aboveLeast(31),
      floats: [.float16(at: 0), .float16(at: 2)], hasEncoder: true)
  }
}

extension Encoding {
  public static let q5_k = Encoding(ValueFormats.Q5_K.format)
}
