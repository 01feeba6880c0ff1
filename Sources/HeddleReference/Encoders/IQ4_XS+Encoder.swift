import HeddleTypes

extension ValueFormats.IQ4_XS: ReferenceEncoder {
  static let greatestExponent = 27

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = SuperScaleSearch(
      scale: ScaleSearch(levels: .table(ValueFormats.IQ4_NL.levels), first: 90, step: 4, steps: 19), groupSize: 32,
      codes: -32...31)
    let found = search.best(block)
    let scales = found.scales.map { $0 + 32 }
    let high = (0..<2).map { scales.every(1, from: 4 * $0, count: 4).map { $0 >> 4 }.byte(bits: 2) }
    let low = (0..<4).map { scales.every(1, from: 2 * $0, count: 2).byte(bits: 4) }
    let levels = (0..<8).flatMap { found.codes.every(1, from: 32 * $0, count: 32).nibbles }
    return block.written(block.half(found.unit)) + high + low + levels
  }
}
