import HeddleTypes

/// `d · s`, `e · m` and the first product are exact, the difference is rounded.
extension ValueFormats.Q2_K: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<256).map { k in
      let scale = block.scale(80) * Float(block.nibble(k / 16, isHigh: false))
      let least = block.scale(82) * Float(block.nibble(k / 16, isHigh: true))
      return scale * Float(block.bitPair(k, at: 16)) - least
    }
  }
}
