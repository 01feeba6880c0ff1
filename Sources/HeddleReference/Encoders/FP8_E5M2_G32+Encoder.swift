import HeddleTypes

extension ValueFormats.FP8_E5M2_G32: ReferenceEncoder {
  static let leastExponent = -109
  static let greatestExponent = 127
  static let leastPower = -34

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    FloatScaleSearch.float8(mantissaBits: 2, leastExponent: -14, greatest: 57344).encode(block)
  }
}
