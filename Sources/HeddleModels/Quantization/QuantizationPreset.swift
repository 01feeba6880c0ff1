import HeddleFormats
import HeddleText
import HeddleTypes

/// What the tensors of a model are quantized to, by the names of llama.cpp: one type, or a mix of types in which some tensors
/// have more bits.
///
/// Which tensor has which type is said by ``ModelQuantization``; files of one preset agree in that with those that
/// `llama-quantize` writes.
public struct QuantizationPreset: Hashable, Sendable {
  /// `Q4_K_M`, …
  public let name: String
  /// The number in `general.file_type`: llama.cpp's `llama_ftype`.
  public let fileType: UInt32
  /// The type of most tensors.
  public let encoding: Encoding

  private init(_ name: String, _ fileType: UInt32, _ encoding: String) {
    self.name = name
    self.fileType = fileType
    // A preset of a name that is no encoding would be found by its test.
    self.encoding = Encoding(name: encoding) ?? .float32
  }

  /// By falling size.
  public static let all: [QuantizationPreset] = [
    .init("F32", 0, "f32"), .init("BF16", 32, "bf16"), .init("F16", 1, "f16"), .init("Q8_0", 7, "q8_0"),
    .init("Q6_K", 18, "q6_k"), .init("Q5_1", 9, "q5_1"), .init("Q5_K_M", 17, "q5_k"), .init("Q5_K_S", 16, "q5_k"),
    .init("Q5_0", 8, "q5_0"), .init("Q4_1", 3, "q4_1"), .init("Q4_K_M", 15, "q4_k"), .init("Q4_K_S", 14, "q4_k"),
    .init("Q4_0", 2, "q4_0"), .init("IQ4_NL", 25, "iq4_nl"), .init("IQ4_XS", 30, "iq4_xs"),
    .init("MXFP4_MOE", 38, "mxfp4"), .init("Q3_K_L", 13, "q3_k"), .init("Q3_K_M", 12, "q3_k"),
    .init("Q3_K_S", 11, "q3_k"), .init("Q2_K", 10, "q2_k"), .init("Q2_K_S", 21, "q2_k"),
  ]

  /// The preset of this name, in letters of either case; `Q5_K`, `Q4_K` and `Q3_K` are the mixes of middle size.
  public init?(name: String) {
    let upper = name.uppercased()
    let known = ["Q5_K", "Q4_K", "Q3_K"].contains(upper) ? upper + "_M" : upper
    guard let preset = Self.all.first(where: { $0.name == known }) else { return nil }
    self = preset
  }

  /// Whether the name is one of these.
  func isOneOf(_ names: String...) -> Bool { names.contains(name) }
}

extension QuantizationPreset: CustomStringConvertible {
  public var description: String { name }
}

extension Encoding {
  /// Encodings that a model can be quantized to: those with an encoder, and numbers.
  static let quantizable: [Encoding] = weights.filter { $0.values.hasEncoder || $0.isScalar }

  /// What takes the place of a type whose blocks a row does not fill: the next of 32 values that has no fewer bits, as llama.cpp
  /// chooses, else float16.
  func fitting(rowLength: Int) -> Encoding {
    if rowLength.isMultiple(of: blockSize) { return self }
    let names = [
      "q4_k": "q5_0", "q5_k": "q5_1", "q6_k": "q8_0", "q2_k": "q4_0", "q3_k": "q4_0", "iq4_xs": "iq4_nl",
    ]
    guard let fallback = names[name].flatMap({ Encoding(name: $0) }), rowLength.isMultiple(of: fallback.blockSize)
    else {
      return .float16
    }
    return fallback
  }
}
