import HeddleTypes

extension ValueFormats.FP8_E4M3_G32: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).map { block.float(0) * FloatOfByte.e4m3.value(block[4 + $0]) }
  }
}
