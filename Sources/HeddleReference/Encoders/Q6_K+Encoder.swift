import HeddleTypes

extension ValueFormats.Q6_K: ReferenceEncoder {
  static let greatestExponent = 28

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = SuperScaleSearch(
      scale: ScaleSearch(levels: .uniform(-32...31), first: 29, step: 0.25, steps: 17), groupSize: 16,
      codes: -128...127)
    let found = search.best(block)
    let nibbles = (0..<128).map {
      found.codes.every(64, from: 128 * ($0 / 64) + $0 % 64, count: 2).byte(bits: 4)
    }
    let bitPairs = found.codes.map { $0 >> 4 }.bitPairs
    return nibbles + bitPairs + found.scales.map { UInt8(truncatingIfNeeded: $0) }
      + block.written(block.half(found.unit))
  }
}
