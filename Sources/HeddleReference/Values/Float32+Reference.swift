import HeddleTypes

extension ValueFormats.Float32: ReferenceScalar {
  static func value(_ bits: UInt32) -> Float { Float(bitPattern: bits) }
  static func bits(_ value: Float) -> UInt32 { value.bitPattern }
}
