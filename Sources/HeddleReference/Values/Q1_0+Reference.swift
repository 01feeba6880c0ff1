import HeddleTypes

extension ValueFormats.Q1_0: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<128).map { block[2 + $0 / 8] >> UInt8($0 % 8) & 1 == 1 ? block.scale(0) : -block.scale(0) }
  }
}
