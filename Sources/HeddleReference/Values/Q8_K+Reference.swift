import HeddleTypes

extension ValueFormats.Q8_K: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<256).map { Float(bitPattern: block.word(0)) * Float(Swift.Int8(bitPattern: block[4 + $0])) }
  }
}
