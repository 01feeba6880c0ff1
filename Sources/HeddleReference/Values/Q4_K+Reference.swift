import HeddleTypes

/// `d · s`, `e · m` and the first product are exact, the sum is rounded.
extension ValueFormats.Q4_K: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<256).map { k in
      let group = k / 32
      let level = block[16 + 32 * (group / 2) + k % 32] >> UInt8(4 * (group % 2)) & 15
      let (scale, least) = scales(block, group)
      return block.scale(0) * Float(scale) * Float(level) - block.scale(2) * Float(least)
    }
  }

  /// The six-bit numbers of a group, from the 12 bytes that begin at the fifth.
  static func scales(_ block: BlockBytes, _ group: Int) -> (scale: UInt8, least: UInt8) {
    guard group >= 4 else { return (block[4 + group] & 63, block[8 + group] & 63) }
    let (scales, leasts, nibbles) = (block[group], block[4 + group], block[8 + group])
    return (nibbles & 15 | (scales >> 6) << 4, nibbles >> 4 | (leasts >> 6) << 4)
  }
}
