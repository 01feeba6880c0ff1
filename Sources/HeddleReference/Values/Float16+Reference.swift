import HeddleTypes

/// To the nearest, ties to even.
extension ValueFormats.Float16: ReferenceScalar {
  static func value(_ bits: UInt32) -> Float { HalfPrecision.decodeFloat16(UInt16(truncatingIfNeeded: bits)) }
  static func bits(_ value: Float) -> UInt32 { UInt32(HalfPrecision.encodeFloat16(value)) }
}
