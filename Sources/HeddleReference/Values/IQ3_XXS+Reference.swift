import HeddleTypes

extension ValueFormats.IQ3_XXS: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).flatMap { octet in
      let word = block.word(66 + 4 * (octet / 4))
      let codes = (0..<2).flatMap { Codebook.iq3_xxs.codes(at: Int(block[2 + 2 * octet + $0])) }
      return EightSigns(seven: word >> UInt32(7 * (octet % 4))).values(
        block.scale(0) * (0.5 + Float(word >> 28)) * 0.5, codes.map { levels[$0] })
    }
  }

  private static let levels: [Float] = [4, 12, 20, 28, 36, 44, 52, 62]
}
