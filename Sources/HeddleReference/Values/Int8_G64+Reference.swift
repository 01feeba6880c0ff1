import HeddleTypes

extension ValueFormats.Int8_G64: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<64).map { block.scale(0) * Float(Swift.Int8(bitPattern: block[2 + $0])) }
  }
}
