import HeddleTypes

extension ValueFormats.Q3_K: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<256).map { k in
      let group = k / 16
      let low = block.nibble(96 + group % 8, isHigh: group >= 8)
      let high = Int(block[104 + group % 4] >> UInt8(2 * (group / 4)) & 3)
      let thirdBit = Int(block[k % 32] >> UInt8(k / 32) & 1)
      return block.scale(108) * Float((low | high << 4) - 32) * Float((block.bitPair(k, at: 32) | thirdBit << 2) - 4)
    }
  }
}
