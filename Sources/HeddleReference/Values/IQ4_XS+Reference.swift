import HeddleTypes

extension ValueFormats.IQ4_XS: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<256).map { k in
      let group = k / 32
      let low = block.nibble(4 + group / 2, isHigh: group % 2 == 1)
      let high = Int(block.half(2) >> UInt16(2 * group) & 3)
      let level = ValueFormats.IQ4_NL.levels[block.nibble(k % 32, at: 8 + 16 * group)]
      return block.scale(0) * Float((low | high << 4) - 32) * level
    }
  }
}
