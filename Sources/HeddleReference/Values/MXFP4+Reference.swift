import HeddleTypes

extension ValueFormats.MXFP4: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    let scale = Float(sign: .plus, exponent: Int(block[0]) - 128, significand: 1)
    return (0..<32).map { scale * twiceE2M1[block.nibble($0, at: 1)] }
  }

  /// Twice the values of floats with a sign, two bits of exponent and one of mantissa. The zero below zero is +0.
  static let twiceE2M1: [Float] = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]
}
