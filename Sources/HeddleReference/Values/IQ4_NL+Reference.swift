import HeddleTypes

extension ValueFormats.IQ4_NL: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).map { block.scale(0) * levels[block.nibble($0, at: 2)] }
  }

  /// What a nibble stands for, that of IQ4_XS too.
  static let levels: [Float] = (0..<4).flatMap { Codebook.iq4_nl.signedCodes(at: $0).map { Float($0) } }
}
