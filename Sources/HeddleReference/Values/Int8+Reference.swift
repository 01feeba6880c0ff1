import HeddleTypes

extension ValueFormats.Int8: ReferenceKeptValues {
  static func value(_ bits: UInt32, scale: Float) -> Float {
    scale * Float(Swift.Int8(truncatingIfNeeded: bits))
  }

  /// `x/d` rounded half away from zero.
  static func bits(_ value: Float, scale: Float) -> UInt32 {
    let level = (value * (scale == 0 ? 0 : 1 / scale)).rounded(.toNearestOrAwayFromZero)
    return UInt32(UInt8(bitPattern: Swift.Int8(level > -128 ? min(level, 127) : -128)))
  }

  /// `max∣x∣ / 127`.
  static func scale(of values: [Float]) -> Float {
    values.reduce(0) { abs($1) > $0 ? abs($1) : $0 } / 127
  }
}
