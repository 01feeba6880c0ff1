import HeddleFormats
import HeddleText
import HeddleTypes

/// What the tensors of a model are quantized to: one type, or a mix of types in which some tensors have more bits.
///
/// Which tensor has which type is said by ``ModelQuantization``. Presets with names of llama.cpp agree in that with files that
/// `llama-quantize` writes. Those of Heddle's own formats are kept in safetensors, as GGUF has no such types; sizes are with scales:
///
/// | preset | most tensors | bits a value | the output | rows of no whole blocks |
/// |---|---|---|---|---|
/// | `int8-g128` | `int8_g128` | 8.125 | `int8_g128` | `int8_g64`, else `q8_0` |
/// | `fp8` | `fp8_e4m3_g128` | 8.25 | `int8_g128` | `fp8_e4m3_g32` |
/// | `nf4` | `nf4` | 4.5 | `int8_g128` | `iq4_nl` |
/// | `int4-g64` | `int4_g64` | 4.25 | `int8_g128` | `q4_0` |
/// | `int4-g128` | `int4_g128` | 4.125 | `int8_g128` | `int4_g64`, else `q4_0` |
public struct QuantizationPreset: Hashable, Sendable {
  /// `Q4_K_M`, `int4-g64`, …
  public let name: String
  /// The number in `general.file_type`: llama.cpp's `llama_ftype`; nil for a preset that it does not have.
  public let fileType: UInt32?
  /// The type of most tensors.
  public let encoding: Encoding

  private init(_ name: String, _ fileType: UInt32?, _ encoding: String) {
    self.name = name
    self.fileType = fileType
    // A preset of a name that is no encoding would be found by its test.
    self.encoding = Encoding(name: encoding) ?? .float32
  }

  /// Those of llama.cpp, then Heddle's own; each by falling size.
  public static let all: [QuantizationPreset] = [
    .init("F32", 0, "f32"), .init("BF16", 32, "bf16"), .init("F16", 1, "f16"), .init("Q8_0", 7, "q8_0"),
    .init("Q6_K", 18, "q6_k"), .init("Q5_1", 9, "q5_1"), .init("Q5_K_M", 17, "q5_k"), .init("Q5_K_S", 16, "q5_k"),
    .init("Q5_0", 8, "q5_0"), .init("Q4_1", 3, "q4_1"), .init("Q4_K_M", 15, "q4_k"), .init("Q4_K_S", 14, "q4_k"),
    .init("Q4_0", 2, "q4_0"), .init("IQ4_NL", 25, "iq4_nl"), .init("IQ4_XS", 30, "iq4_xs"),
    .init("MXFP4_MOE", 38, "mxfp4"), .init("Q3_K_L", 13, "q3_k"), .init("Q3_K_M", 12, "q3_k"),
    .init("Q3_K_S", 11, "q3_k"), .init("Q2_K", 10, "q2_k"), .init("Q2_K_S", 21, "q2_k"),
    .init("fp8", nil, "fp8_e4m3_g128"), .init("int8-g128", nil, "int8_g128"), .init("nf4", nil, "nf4"),
    .init("int4-g64", nil, "int4_g64"), .init("int4-g128", nil, "int4_g128"),
  ]

  /// The preset of this name, in letters of either case, `_` for `-` too; `Q5_K`, `Q4_K` and `Q3_K` are the mixes of middle size.
  public init?(name: String) {
    let upper = Self.key(name)
    let known = ["Q5_K", "Q4_K", "Q3_K"].contains(upper) ? upper + "_M" : upper
    guard let preset = Self.all.first(where: { Self.key($0.name) == known }) else { return nil }
    self = preset
  }

  private static func key(_ name: String) -> String { String(name.uppercased().map { $0 == "-" ? "_" : $0 }) }

  /// Whether the name is one of these.
  func isOneOf(_ names: String...) -> Bool { names.contains(name) }
}

extension QuantizationPreset: CustomStringConvertible {
  public var description: String { name }
}

extension Encoding {
  /// Encodings that a model can be quantized to: those with an encoder, and numbers.
  static let quantizable: [Encoding] = weights.filter { $0.values.hasEncoder || $0.isScalar }

  /// What takes the place of a type whose blocks a row does not fill: the next of smaller blocks that has no fewer bits, of GGUF's
  /// types as llama.cpp chooses, else float16.
  func fitting(rowLength: Int) -> Encoding {
    let names = [
      "q4_k": "q5_0", "q5_k": "q5_1", "q6_k": "q8_0", "q2_k": "q4_0", "q3_k": "q4_0", "iq4_xs": "iq4_nl",
      "int8_g128": "int8_g64", "int8_g64": "q8_0", "int4_g128": "int4_g64", "int4_g64": "q4_0",
      "fp8_e4m3_g128": "fp8_e4m3_g32", "nf4": "iq4_nl",
    ]
    var encoding = self
    while !rowLength.isMultiple(of: encoding.blockSize) {
      guard let fallback = names[encoding.name].flatMap({ Encoding(name: $0) }) else { return .float16 }
      encoding = fallback
    }
    return encoding
  }
}
