import HeddleTypes

extension ValueFormats.IQ2_XS: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).flatMap { octet in
      let word = block.half(2 + 2 * octet)
      let scale = block.nibble(66 + octet / 4, isHigh: octet / 2 % 2 == 1)
      let codes = Codebook.iq2_xs.codes(at: Int(word & 511))
      return EightSigns(seven: UInt32(word >> 9)).values(
        block.scale(0) * (0.5 + Float(scale)) * 0.25, codes.map { ValueFormats.IQ2_XXS.levels[$0] })
    }
  }
}
