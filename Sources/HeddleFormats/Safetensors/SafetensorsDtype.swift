import HeddleTypes

/// The element types of safetensors files, with the names of the format's reference implementation (0.8).
public enum SafetensorsDtype: String, Hashable, Sendable, CaseIterable {
  case bool = "BOOL"
  case f4 = "F4", f6_e2m3 = "F6_E2M3", f6_e3m2 = "F6_E3M2"
  case u8 = "U8", i8 = "I8"
  case f8_e5m2 = "F8_E5M2", f8_e4m3 = "F8_E4M3", f8_e8m0 = "F8_E8M0"
  case f8_e4m3fnuz = "F8_E4M3FNUZ", f8_e5m2fnuz = "F8_E5M2FNUZ"
  case i16 = "I16", u16 = "U16", f16 = "F16", bf16 = "BF16"
  case i32 = "I32", u32 = "U32", f32 = "F32"
  case c64 = "C64", f64 = "F64", i64 = "I64", u64 = "U64"

  /// Bits of one value. Values of less than a byte lie close together.
  public var bitCount: Int {
    switch self {
    case .f4: 4
    case .f6_e2m3, .f6_e3m2: 6
    case .bool, .u8, .i8, .f8_e5m2, .f8_e4m3, .f8_e8m0, .f8_e4m3fnuz, .f8_e5m2fnuz: 8
    case .i16, .u16, .f16, .bf16: 16
    case .i32, .u32, .f32: 32
    case .c64, .f64, .i64, .u64: 64
    }
  }

  /// Data begins at a multiple of this many bytes, counted from the first tensor: those of one number.
  public var alignment: Int { self == .c64 ? 4 : max(1, bitCount / 8) }

  /// How Heddle stores such values; nothing for the types it cannot compute with.
  public var encoding: Encoding? {
    switch self {
    case .f32: .float32
    case .f16: .float16
    case .bf16: .bfloat16
    case .i32: .int32
    default: nil
    }
  }

  /// The type that stores this encoding, if the format has one.
  public init?(_ encoding: Encoding) {
    guard let type = Self.allCases.first(where: { $0.encoding == encoding }) else { return nil }
    self = type
  }

  /// Bytes of a tensor of this type: `Π shape · bitCount / 8`.
  ///
  /// Extents may be 0. The product is checked factor by factor as if they were 1, so no subset of the axes overflows.
  func byteCount(tensor name: String, shape: [Int]) throws(SafetensorsDefect) -> Int {
    var bits = bitCount
    for extent in shape {
      guard extent >= 0 else { throw .negativeExtent(tensor: name, shape: shape) }
      let (product, overflow) = bits.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else { throw .shapeOverflow(tensor: name, shape: shape) }
      bits = product
    }
    if shape.contains(0) { return 0 }
    guard bits % 8 == 0 else { throw .partialByte(tensor: name, dtype: self, shape: shape) }
    return bits / 8
  }
}

extension SafetensorsDtype: CustomStringConvertible {
  public var description: String { rawValue }
}
