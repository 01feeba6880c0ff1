/// What a file of this folder says: the data of one format. Other targets add facets to the type, such as the oracle.
public protocol ValueFormatDefinition: SendableMetatype {
  static var format: ValueFormat { get }
}

/// Every format of values.
public enum ValueFormats {
  /// A line for each format: scalars, GGUF's blocks of 32, those of patterns, then as they came; those that other tools' weights
  /// become are at the end.
  package static let definitions: [any ValueFormatDefinition.Type] = [
    Float32.self, Float16.self, BFloat16.self, Int32.self,
    Q4_0.self, Q4_1.self, Q5_0.self, Q5_1.self, Q8_0.self,
    Int8.self, Int4.self,
    Q4_K.self,
    Q6_K.self,
    IQ2_XXS.self,
    MXFP4.self,
    NVFP4.self,
    Q2_K.self,
    Q3_K.self,
    Q5_K.self,
    Q8_K.self,
    IQ4_NL.self,
    IQ4_XS.self,
    IQ2_XS.self,
    IQ2_S.self,
    IQ3_XXS.self,
    IQ3_S.self,
    IQ1_S.self,
    IQ1_M.self,
    TQ1_0.self,
    TQ2_0.self,
    Q1_0.self,
    Q2_0.self,
    Q8_Dynamic.self,
    Int4_G64.self, Int4_G128.self, Int8_G64.self, Int8_G128.self,
    UInt4_G32.self, UInt4_G64.self, UInt4_G128.self, UInt8_G32.self, UInt8_G128.self,
    FP8_E4M3_G32.self, FP8_E4M3_G128.self, FP8_E5M2_G32.self,
    NF4.self,
  ]

  public static let all: [ValueFormat] = definitions.map { $0.format }

  /// Formats that a pattern can keep some values of.
  public static let ofPatterns: [ValueFormat] = all.filter(\.suitsPatterns)

  private static let definitionsByName: [String: any ValueFormatDefinition.Type] =
    definitions.reduce(into: [:]) { $0[$1.format.name] = $1 }

  /// Who defines `format`.
  package static func definition(of format: ValueFormat) -> (any ValueFormatDefinition.Type)? {
    definitionsByName[format.name]
  }

  fileprivate static func named(_ name: String) -> ValueFormat? { definitionsByName[name]?.format }
}

extension ValueFormat {
  /// The format called `name`, if there is one.
  public init?(name: String) {
    guard let format = ValueFormats.named(name) else { return nil }
    self = format
  }
}
