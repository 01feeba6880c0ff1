import HeddleTypes

extension ValueFormats.FP8_E5M2_G32: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).map { block.float(0) * FloatOfByte.e5m2.value(block[4 + $0]) }
  }
}
