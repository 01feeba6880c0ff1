/// Block-quantized weight formats: a row is cut in blocks of ``blockSize`` values, each with its own scale.
///
/// The formats and their names are GGUF's (`ggml-common.h`); a block's bytes lie in a row one after the other.
///
/// | format | block bytes | value of element `k` |
/// |---|---|---|
/// | `q4_0` | `half d; u8 q[16]` | `d · (q − 8)`, low nibble `k = j`, high nibble `k = j + 16` |
/// | `q4_1` | `half d; half m; u8 q[16]` | `d · q + m` |
/// | `q5_0` | `half d; u8 h[4]; u8 q[16]` | `d · ((q ∣ h_k ≪ 4) − 16)`, bit `k` of the little-endian `h` |
/// | `q5_1` | `half d; half m; u8 h[4]; u8 q[16]` | `d · (q ∣ h_k ≪ 4) + m` |
/// | `q8_0` | `half d; i8 q[32]` | `d · q` |
public enum BlockFormat: String, Hashable, Codable, Sendable, CaseIterable {
  case q4_0, q4_1, q5_0, q5_1, q8_0

  /// Values in one block.
  public var blockSize: Int { 32 }

  /// Bytes of one block.
  public var blockByteCount: Int {
    switch self {
    case .q4_0: 18
    case .q4_1: 20
    case .q5_0: 22
    case .q5_1: 24
    case .q8_0: 34
    }
  }
}
