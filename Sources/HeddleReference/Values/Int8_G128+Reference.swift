import HeddleTypes

extension ValueFormats.Int8_G128: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<128).map { block.scale(0) * Float(Swift.Int8(bitPattern: block[2 + $0])) }
  }
}
