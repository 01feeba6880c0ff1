import HeddleTypes

extension ValueFormats.Q2_K: ReferenceEncoder {
  static let greatestExponent = 19

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = SuperAffineSearch(
      affine: AffineSearch(highest: 3, first: 1.5, step: 0.125, steps: 25, leastIsNegative: true), groupSize: 16,
      highestPart: 15)
    let found = search.best(block)
    return zip(found.scales, found.leasts).map { [$0, $1].byte(bits: 4) } + found.codes.bitPairs
      + block.written(block.half(found.units.scale)) + block.written(block.half(found.units.least))
  }
}
