import HeddleTypes

extension ValueFormats.IQ1_M: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    let words = (0..<4).map { block.half(48 + 2 * $0) }
    let superscale = HalfPrecision.decodeFloat16(
      words[0] >> 12 | words[1] >> 8 & 0x00F0 | words[2] >> 4 & 0x0F00 | words[3] & 0xF000)
    return (0..<32).flatMap { octet in
      let nibble = block.nibble(32 + octet / 2, isHigh: octet % 2 == 1)
      let scale = Int(words[octet / 8] >> UInt16(3 * (octet / 2 % 4)) & 7)
      return ValueFormats.IQ1_S.values(
        superscale * Float(2 * scale + 1), at: Int(block[octet]) | (nibble & 7) << 8, isLess: nibble >> 3 == 1)
    }
  }
}
