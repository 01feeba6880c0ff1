import HeddleTypes

/// `d · s`, `e · m` and the first product are exact, the difference is rounded.
extension ValueFormats.Q5_K: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<256).map { k in
      let (group, within) = (k / 32, k % 32)
      let low = block.nibble(48 + 32 * (group / 2) + within, isHigh: group % 2 == 1)
      let fifthBit = Int(block[16 + within] >> UInt8(group) & 1)
      let (scale, least) = ValueFormats.Q4_K.scales(block, group)
      return block.scale(0) * Float(scale) * Float(low | fifthBit << 4) - block.scale(2) * Float(least)
    }
  }
}
