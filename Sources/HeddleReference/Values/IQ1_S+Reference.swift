import HeddleTypes

extension ValueFormats.IQ1_S: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).flatMap { octet in
      let word = Int(block.half(34 + 2 * (octet / 4)))
      let scale = block.scale(0) * Float(2 * (word >> 12 & 7) + 1)
      let place = Int(block[2 + octet]) | (word >> (3 * (octet % 4)) & 7) << 8
      return values(scale, at: place, isLess: word >> 15 == 1)
    }
  }

  /// Eight values, each an eighth less than its level or more: every step is exact.
  static func values(_ scale: Float, at place: Int, isLess: Bool) -> [Float] {
    Codebook.iq1_s.codes(at: place).map { scale * (Float($0 - 1) + (isLess ? -0.125 : 0.125)) }
  }
}
