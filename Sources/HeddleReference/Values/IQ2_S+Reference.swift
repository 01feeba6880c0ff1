import HeddleTypes

extension ValueFormats.IQ2_S: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).flatMap { octet in
      let high = Int(block[66 + octet / 4] >> UInt8(2 * (octet % 4)) & 3)
      let scale = block.nibble(74 + octet / 4, isHigh: octet / 2 % 2 == 1)
      let codes = Codebook.iq2_s.codes(at: Int(block[2 + octet]) | high << 8)
      return EightSigns(byte: block[34 + octet]).values(
        block.scale(0) * (0.5 + Float(scale)) * 0.25, codes.map { ValueFormats.IQ2_XXS.levels[$0] })
    }
  }
}
