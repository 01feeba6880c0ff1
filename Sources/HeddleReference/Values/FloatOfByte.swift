/// How a byte is a float: a sign, some bits of exponent, some of mantissa.
enum FloatOfByte {
  /// Four bits of exponent, three of mantissa: `e4m3fn`, without infinities.
  case e4m3
  /// Five bits of exponent, two of mantissa: the upper half of a float16.
  case e5m2

  func value(_ code: UInt8) -> Float {
    switch self {
    case .e5m2: return HalfPrecision.decodeFloat16(UInt16(code) << 8)
    case .e4m3:
      let (exponent, mantissa) = (Int(code >> 3 & 15), Float(code & 7))
      if code & 0x7F == 0x7F { return .nan }
      let magnitude =
        exponent == 0
        ? mantissa * 0x1p-9 : Float(sign: .plus, exponent: exponent - 7, significand: 1 + mantissa / 8)
      return code & 0x80 == 0 ? magnitude : -magnitude
    }
  }
}
