import HeddleTypes

extension ValueFormats.IQ2_XXS: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).flatMap { octet in
      let start = 2 + 8 * (octet / 4)
      let word = block.word(start + 4)
      let scale = block.scale(0) * (0.5 + Float(word >> 28)) * 0.25
      let codes = Codebook.iq2_xxs.codes(at: Int(block[start + octet % 4]))
      return EightSigns(seven: word >> UInt32(7 * (octet % 4))).values(scale, codes.map { levels[$0] })
    }
  }

  /// What the codes of all formats of two bits stand for.
  static let levels: [Float] = [8, 25, 43, 0]
}
