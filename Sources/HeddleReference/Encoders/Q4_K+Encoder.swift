import HeddleTypes

extension ValueFormats.Q4_K: ReferenceEncoder {
  static let greatestExponent = 21

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = SuperAffineSearch(
      affine: AffineSearch(highest: 15, first: 13.5, step: 0.25, steps: 13, leastIsNegative: true), groupSize: 32,
      highestPart: 63)
    let found = search.best(block)
    return header(block, found) + found.codes.neighbouringNibbles
  }

  /// d, e and the numbers of six bits: of the first four groups whole, of the last four the low nibbles apart and the rest above
  /// those of the first four.
  static func header(_ block: SearchedBlock, _ found: SuperAffineSearch.Result) -> [UInt8] {
    func whole(_ parts: [Int]) -> [UInt8] { (0..<4).map { UInt8(parts[$0] | (parts[$0 + 4] >> 4) << 6) } }
    let low = (4..<8).map { [found.scales[$0], found.leasts[$0]].byte(bits: 4) }
    return block.written(block.half(found.units.scale)) + block.written(block.half(found.units.least))
      + whole(found.scales) + whole(found.leasts) + low
  }
}
