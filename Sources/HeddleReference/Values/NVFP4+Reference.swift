import HeddleTypes

extension ValueFormats.NVFP4: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<64).map { k in
      let level = block.nibble(k % 16, at: 4 + 8 * (k / 16), half: 8)
      return scale(block[k / 16]) / 2 * ValueFormats.MXFP4.twiceE2M1[level]
    }
  }

  /// Four bits of exponent, three of mantissa; the sign is not looked at, what is not a number counts as 0.
  private static func scale(_ bits: UInt8) -> Float {
    if bits == 0x7F { return 0 }
    let (exponent, mantissa) = (Int(bits >> 3 & 15), Float(bits & 7))
    return exponent == 0
      ? mantissa * 0x1p-9 : Float(sign: .plus, exponent: exponent - 7, significand: 1 + mantissa / 8)
  }
}
