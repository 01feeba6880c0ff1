import HeddleTypes

extension ValueFormats.FP8_E4M3_G128: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<128).map { block.float(0) * FloatOfByte.e4m3.value(block[4 + $0]) }
  }
}
