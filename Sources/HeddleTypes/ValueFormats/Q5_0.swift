extension ValueFormats {
  /// GGUF's Q5_0: `half d; u8 h[4]; u8 q[16]`. Value `k` is `d · ((q ∣ h_k ≪ 4) − 16)`: nibbles as in Q4_0, h_k bit `k` of the
  /// little-endian `h`.
  public enum Q5_0: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q5_0", gguf: 6, blockSize: 32, groupSize: 32, unitByteCount: 2, units: 11, levels: .unsigned(31, zero: 16),
      floats: [.float16(at: 0)], hasEncoder: true)
  }
}

extension Encoding {
  public static let q5_0 = Encoding(ValueFormats.Q5_0.format)
}
