/// The type of one stored number.
public enum ScalarType: String, Hashable, Codable, Sendable, CaseIterable {
  case float32 = "f32"
  case float16 = "f16"
  case bfloat16 = "bf16"
  case int32 = "i32"

  /// Bytes of one value.
  public var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .float16, .bfloat16: 2
    }
  }

  public var isFloatingPoint: Bool { self != .int32 }
}
