import HeddleTypes

extension ValueFormats.Q2_0: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<64).map { block.scale(0) * Float(Int(block[2 + $0 / 4] >> UInt8(2 * ($0 % 4)) & 3) - 1) }
  }
}
