extension ValueFormats {
  /// GGUF's Q4_K: `half d; half e; u8 s[12]; u8 q[128]`. A value is `d · s · q − e · m`, s and m numbers of six bits for each 32
  /// values; they and the nibbles q stand in ggml's order (`block_q4_K` in `ggml-common.h`).
  public enum Q4_K: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q4_k", gguf: 12, blockSize: 256, groupSize: 32, unitByteCount: 2, units: 72, levels: .aboveLeast(15),
      floats: [.float16(at: 0), .float16(at: 2)], hasEncoder: true)
  }
}

extension Encoding {
  public static let q4_k = Encoding(ValueFormats.Q4_K.format)
}
