import HeddleTypes

extension ValueFormats.Q6_K: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<256).map { k in
      let (half, quarter, within) = (k / 128, k / 32 % 4, k % 32)
      let low = block[64 * half + 32 * (quarter % 2) + within] >> UInt8(4 * (quarter / 2)) & 15
      let high = block[128 + 32 * half + within] >> UInt8(2 * quarter) & 3
      let scale = block.scale(208) * Float(Swift.Int8(bitPattern: block[192 + k / 16]))
      return scale * Float(Int(low | high << 4) - 32)
    }
  }
}
