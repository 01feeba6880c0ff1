import HeddleTypes

extension ValueFormats.TQ2_0: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<256).map { block.scale(64) * Float(block.bitPair($0, at: 0) - 1) }
  }
}
