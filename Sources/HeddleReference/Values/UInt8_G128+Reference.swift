import HeddleTypes

extension ValueFormats.UInt8_G128: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<128).map { block.float(0) * Float(Int(block[6 + $0]) - block.integer(4)) }
  }
}
