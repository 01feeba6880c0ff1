/// float16 and bfloat16 by their bits, so that results are the same on every host.
public enum HalfPrecision {
  /// The float32 of the same value; a NaN keeps its sign and payload, quiet or not.
  public static func decodeFloat16(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x03FF)
    switch exponent {
    case 0:
      // Zero or a subnormal: fraction · 2⁻²⁴, exact in float32.
      return Float(bitPattern: sign | (Float(fraction) * 0x1p-24).bitPattern)
    case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The nearest float16, ties to even; beyond its range an infinity; NaN stays a (quiet) NaN.
  public static func encodeFloat16(_ value: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
    if value.isNaN { return sign | 0x7E00 }
    let magnitude = value.magnitude
    if magnitude >= 65520 { return sign | 0x7C00 }
    let exponent = max(magnitude.isZero ? -14 : Int(magnitude.exponent), -14)
    let unit = Float(sign: .plus, exponent: exponent - 10, significand: 1)
    let steps = UInt16((magnitude / unit).rounded(.toNearestOrEven))
    // At the least exponent `steps` is the encoding; above, it holds the hidden bit, and a carry moves the exponent.
    return sign | (UInt16(exponent + 14) << 10) &+ steps
  }

  /// The float32 of the same value.
  public static func decodeBFloat16(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  /// The nearest bfloat16, ties to even; NaN stays a (quiet) NaN.
  public static func encodeBFloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x0040 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
  }
}
