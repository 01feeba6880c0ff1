import HeddleTypes

extension ValueFormats.MXFP4: ReferenceEncoder {
  static let leastExponent = -126
  static let greatestExponent = 128

  /// Of three powers of two the one of least error.
  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = ScaleSearch(levels: .signed(Array(twiceE2M1.prefix(8))), first: 0, step: 0, steps: 0)
    let group = block.group(0, of: 32)
    var (best, least) = (-3, Float.infinity)
    for power in -4..<(-1) where (0..<253).contains(128 + power + block.exponent) {
      let error = search.error(group, Float(sign: .plus, exponent: power, significand: 1))
      if error < least { (best, least) = (power, error) }
    }
    let exponent = block.isRefused ? 255 : UInt8(max(128 + best + block.exponent, 0))
    return [exponent] + search.codes(group, Float(sign: .plus, exponent: best, significand: 1)).nibbles
  }
}
