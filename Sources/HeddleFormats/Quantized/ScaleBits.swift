import HeddleText

/// Numbers by their bits, above all those that scale others.
enum ScaleBits {
  /// The dtypes that scales have.
  static let dtypes: [SafetensorsDtype] = [.f32, .bf16, .f16]

  /// The value at an offset; NaN in a dtype that no scale has.
  static func value(_ bytes: UnsafeRawBufferPointer, at offset: Int, _ dtype: SafetensorsDtype) -> Float {
    switch dtype {
    case .f32: Float(bitPattern: bytes.littleEndian(at: offset))
    case .bf16: Float(bitPattern: UInt32(bytes.littleEndian(UInt16.self, at: offset)) << 16)
    case .f16: float16(bytes.littleEndian(at: offset))
    case .f8_e8m0: powerOfTwo(bytes.littleEndian(at: offset))
    case .f8_e5m2: float16(UInt16(bytes.littleEndian(UInt8.self, at: offset)) << 8)
    case .f8_e4m3: e4m3(bytes.littleEndian(at: offset))
    default: .nan
    }
  }

  /// The value of a float16.
  static func float16(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let (exponent, fraction) = (UInt32(bits >> 10 & 0x1F), UInt32(bits & 0x03FF))
    return switch exponent {
    case 0: Float(bitPattern: sign | (Float(fraction) * 0x1p-24).bitPattern)
    case 0x1F: Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: Float(bitPattern: sign | (exponent &+ 112) << 23 | fraction << 13)
    }
  }

  /// The bits of the float16 that has exactly this finite value; nil if none has.
  static func exactFloat16(_ value: Float) -> UInt16? {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
    let (exponent, fraction) = (value.bitPattern >> 23 & 0xFF, value.bitPattern & 0x7F_FFFF)
    switch exponent {
    case 0 where fraction == 0: return sign
    case 113...142 where fraction & 0x1FFF == 0:
      return sign | UInt16(truncatingIfNeeded: (exponent &- 112) << 10 | fraction >> 13)
    case 103...112:
      // A multiple of 2⁻²⁴ below 2⁻¹⁴.
      let (whole, shift) = (fraction | 0x80_0000, 126 &- exponent)
      guard whole & (1 << shift &- 1) == 0 else { return nil }
      return sign | UInt16(truncatingIfNeeded: whole >> shift)
    default: return nil
    }
  }

  /// The value of a float of eight bits without infinities, whose last code is no number (OCP 8-bit Floating Point, E4M3).
  private static func e4m3(_ code: UInt8) -> Float {
    let sign = UInt32(code & 0x80) << 24
    let (exponent, fraction) = (UInt32(code >> 3 & 15), UInt32(code & 7))
    return switch (exponent, fraction) {
    case (15, 7): .nan
    case (0, _): Float(bitPattern: sign | (Float(fraction) * 0x1p-9).bitPattern)
    default: Float(bitPattern: sign | (exponent &+ 120) << 23 | fraction << 20)
    }
  }

  /// `2^(code − 127)`, NaN for 255 (OCP Microscaling Formats 1.0, E8M0).
  private static func powerOfTwo(_ code: UInt8) -> Float {
    switch code {
    case 0: 0x1p-127
    case 255: .nan
    default: Float(bitPattern: UInt32(code) << 23)
    }
  }
}
