import HeddleTypes

extension ValueFormats.FP8_E4M3_G32: ReferenceEncoder {
  static let leastExponent = -116
  static let greatestExponent = 127

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    FloatScaleSearch.float8(mantissaBits: 3, leastExponent: -6, greatest: 448).encode(block)
  }
}
