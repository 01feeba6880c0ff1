import HeddleTypes

extension ValueFormats.Q5_K: ReferenceEncoder {
  static let greatestExponent = 21

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = SuperAffineSearch(
      affine: AffineSearch(highest: 31, first: 29, step: 0.25, steps: 15, leastIsNegative: true), groupSize: 32,
      highestPart: 63)
    let found = search.best(block)
    let fifthBits = (0..<32).map { found.codes.every(32, from: $0, count: 8).map { $0 >> 4 }.byte(bits: 1) }
    return ValueFormats.Q4_K.header(block, found) + fifthBits + found.codes.neighbouringNibbles
  }
}
