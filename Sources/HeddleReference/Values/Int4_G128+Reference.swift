import HeddleTypes

extension ValueFormats.Int4_G128: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<128).map { block.scale(0) * Float(block.nibbleOf32($0, at: 2) - 8) }
  }
}
