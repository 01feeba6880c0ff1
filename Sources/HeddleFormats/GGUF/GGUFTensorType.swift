import HeddleTypes

/// The element types of GGUF tensors: ggml's `enum ggml_type`, with the same numbers.
///
/// A type that Heddle cannot compute with still has a name and a size, so every file can be listed.
public enum GGUFTensorType: UInt32, Hashable, Sendable, CaseIterable {
  case f32 = 0, f16 = 1
  case q4_0 = 2, q4_1 = 3, q5_0 = 6, q5_1 = 7, q8_0 = 8, q8_1 = 9
  case q2_K = 10, q3_K = 11, q4_K = 12, q5_K = 13, q6_K = 14, q8_K = 15
  case iq2_xxs = 16, iq2_xs = 17, iq3_xxs = 18, iq1_s = 19, iq4_nl = 20, iq3_s = 21, iq2_s = 22, iq4_xs = 23
  case i8 = 24, i16 = 25, i32 = 26, i64 = 27, f64 = 28
  case iq1_m = 29, bf16 = 30
  case tq1_0 = 34, tq2_0 = 35
  case mxfp4 = 39, nvfp4 = 40, q1_0 = 41, q2_0 = 42

  // Traps: never, a number stands once.
  /// The types that ggml once had. Their numbers are not used again; files with them are refused.
  public static let removed: [UInt32: String] = [
    4: "Q4_2", 5: "Q4_3",
    31: "Q4_0_4_4", 32: "Q4_0_4_8", 33: "Q4_0_8_8",
    36: "IQ4_NL_4_4", 37: "IQ4_NL_4_8", 38: "IQ4_NL_8_8",
  ]

  /// The name in ggml's spelling: `F32`, `Q4_1`, `Q6_K`.
  public var name: String { traits.name }
  /// Values that share a block; 1 for plain scalars. Rows are multiples of it.
  public var blockSize: Int { traits.blockSize }
  /// Bytes of a block.
  public var blockByteCount: Int { traits.blockByteCount }

  /// Sizes of the blocks in `ggml-common.h`.
  private var traits: (name: String, blockSize: Int, blockByteCount: Int) {
    switch self {
    case .f32: ("F32", 1, 4)
    case .f16: ("F16", 1, 2)
    case .q4_0: ("Q4_0", 32, 18)
    case .q4_1: ("Q4_1", 32, 20)
    case .q5_0: ("Q5_0", 32, 22)
    case .q5_1: ("Q5_1", 32, 24)
    case .q8_0: ("Q8_0", 32, 34)
    case .q8_1: ("Q8_1", 32, 36)
    case .q2_K: ("Q2_K", 256, 84)
    case .q3_K: ("Q3_K", 256, 110)
    case .q4_K: ("Q4_K", 256, 144)
    case .q5_K: ("Q5_K", 256, 176)
    case .q6_K: ("Q6_K", 256, 210)
    case .q8_K: ("Q8_K", 256, 292)
    case .iq2_xxs: ("IQ2_XXS", 256, 66)
    case .iq2_xs: ("IQ2_XS", 256, 74)
    case .iq3_xxs: ("IQ3_XXS", 256, 98)
    case .iq1_s: ("IQ1_S", 256, 50)
    case .iq4_nl: ("IQ4_NL", 32, 18)
    case .iq3_s: ("IQ3_S", 256, 110)
    case .iq2_s: ("IQ2_S", 256, 82)
    case .iq4_xs: ("IQ4_XS", 256, 136)
    case .i8: ("I8", 1, 1)
    case .i16: ("I16", 1, 2)
    case .i32: ("I32", 1, 4)
    case .i64: ("I64", 1, 8)
    case .f64: ("F64", 1, 8)
    case .iq1_m: ("IQ1_M", 256, 56)
    case .bf16: ("BF16", 1, 2)
    case .tq1_0: ("TQ1_0", 256, 54)
    case .tq2_0: ("TQ2_0", 256, 66)
    case .mxfp4: ("MXFP4", 32, 17)
    case .nvfp4: ("NVFP4", 64, 36)
    case .q1_0: ("Q1_0", 128, 18)
    case .q2_0: ("Q2_0", 64, 18)
    }
  }

  /// How Heddle stores such values; nothing for the types it cannot compute with.
  public var encoding: Encoding? {
    switch self {
    case .f32: .float32
    case .f16: .float16
    case .bf16: .bfloat16
    case .i32: .int32
    case .q4_0: .blocks(.q4_0)
    case .q4_1: .blocks(.q4_1)
    case .q5_0: .blocks(.q5_0)
    case .q5_1: .blocks(.q5_1)
    case .q8_0: .blocks(.q8_0)
    default: nil
    }
  }

  /// The type that stores this encoding, if GGUF has one.
  public init?(_ encoding: Encoding) {
    guard let type = Self.allCases.first(where: { $0.encoding == encoding }) else { return nil }
    self = type
  }
}

extension GGUFTensorType: CustomStringConvertible {
  public var description: String { name }
}
