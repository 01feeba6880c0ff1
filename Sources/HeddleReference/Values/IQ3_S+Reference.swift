import HeddleTypes

extension ValueFormats.IQ3_S: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).flatMap { octet in
      let scale = block.nibble(106 + octet / 8, isHigh: octet / 4 % 2 == 1)
      let codes = (2 * octet..<2 * octet + 2).flatMap { quad in
        let high = Int(block[66 + quad / 8] >> UInt8(quad % 8) & 1)
        return Codebook.iq3_s.codes(at: Int(block[2 + quad]) | high << 8)
      }
      return EightSigns(byte: block[74 + octet]).values(
        block.scale(0) * Float(1 + 2 * scale), codes.map { Float(1 + 2 * $0) })
    }
  }
}
