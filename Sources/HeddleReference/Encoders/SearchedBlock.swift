import HeddleTypes

/// A block as its encoder sees it: values times a power of two such that the greatest is in [1, 2), what is below 2^leastPower then
/// as 0; weights times a power of two, from 2⁻²⁰ to 2. So no product of the search overflows or is subnormal.
struct SearchedBlock {
  let values: [Float]
  let weights: [Float]
  /// The power of two that values were divided by.
  let exponent: Int
  let isRefused: Bool
  /// There is importance, if only of zeros.
  let isWeighted: Bool

  init(_ values: [Float], importance: [Float]?, exponents: Range<Int>, leastPower: Int = -24) {
    isWeighted = importance != nil
    let greatest = values.map { $0.magnitude.bitPattern }.max() ?? 0
    let exponent = Int(greatest >> 23) - 127
    let isNothing = exponent < exponents.lowerBound
    let isRefused = exponent >= exponents.upperBound
    self.isRefused = isRefused
    self.exponent = isNothing || isRefused ? 0 : exponent
    self.values =
      isNothing || isRefused
      ? values.map { _ in 0 } : values.map { Self.times($0, power: -exponent, least: leastPower) }
    let heaviest = importance?.map { $0.magnitude.bitPattern }.max() ?? 0
    if let importance, heaviest >= 0x0080_0000 {
      weights = importance.map { max(Self.times($0, power: 127 - Int(heaviest >> 23), least: -20), 0x1p-20) }
    } else {
      weights = values.map { _ in 1 }
    }
  }

  /// `x · 2^power`; 0 for what is below `2^least` then, or subnormal.
  private static func times(_ x: Float, power: Int, least: Int) -> Float {
    guard x.isNormal, Int(x.exponent) + power >= least else { return 0 }
    return x * Float(sign: .plus, exponent: power, significand: 1)
  }

  /// A group of the block, by its number.
  func group(_ number: Int, of size: Int) -> SearchedGroup {
    let range = number * size..<(number + 1) * size
    return SearchedGroup(values: Array(values[range]), weights: Array(weights[range]))
  }

  /// The bits of the half nearest to `value · 2^exponent`, no infinity; no zero has a sign.
  func half(_ value: Float) -> UInt16 {
    let magnitude = Self.times(value.magnitude, power: exponent, least: -64)
    let half = min(HalfPrecision.encodeFloat16(magnitude), 0x7BFF)
    return half == 0 ? 0 : half | (value.sign == .minus ? 0x8000 : 0)
  }

  /// What a half stands for among the values.
  func value(_ half: UInt16) -> Float {
    Self.times(HalfPrecision.decodeFloat16(half), power: -exponent, least: -64)
  }

  /// `value` as a half holds it.
  func stored(_ value: Float) -> Float { self.value(half(value)) }

  /// The bytes of `value · 2^exponent` as a float.
  func written(_ value: Float) -> [UInt8] {
    let scaled = Self.times(value.magnitude, power: exponent, least: -126)
    let bits = isRefused ? Float.infinity.bitPattern : scaled.bitPattern | value.bitPattern & 0x8000_0000
    return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
  }

  /// The bytes of a half.
  func written(_ half: UInt16) -> [UInt8] {
    let half = isRefused ? 0x7C00 : half
    return [UInt8(truncatingIfNeeded: half), UInt8(half >> 8)]
  }
}
