import HeddleTypes

extension ValueFormats.UInt8_G32: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).map { block.float(0) * Float(Int(block[6 + $0]) - block.integer(4)) }
  }
}
