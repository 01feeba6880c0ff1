extension ValueFormats {
  /// GGUF's Q5_1: `half d; half m; u8 h[4]; u8 q[16]`. Value `k` is `d · (q ∣ h_k ≪ 4) + m`: nibbles as in Q4_0, h_k bit `k`
  /// of the little-endian `h`.
  public enum Q5_1: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q5_1", gguf: 7, blockSize: 32, groupSize: 32, unitByteCount: 2, units: 12, levels: .aboveLeast(31),
      floats: [.float16(at: 0), .float16(at: 2)], hasEncoder: true)
  }
}

extension Encoding {
  public static let q5_1 = Encoding(ValueFormats.Q5_1.format)
}
