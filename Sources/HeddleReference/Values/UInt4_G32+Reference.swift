import HeddleTypes

extension ValueFormats.UInt4_G32: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).map { block.float(0) * Float(block.nibbleOf32($0, at: 6) - block.integer(4)) }
  }
}
