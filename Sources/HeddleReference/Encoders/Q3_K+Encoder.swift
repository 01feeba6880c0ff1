import HeddleTypes

extension ValueFormats.Q3_K: ReferenceEncoder {
  static let greatestExponent = 23

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = SuperScaleSearch(
      scale: ScaleSearch(levels: .uniform(-4...3), first: 2, step: 0.125, steps: 25), groupSize: 16, codes: -32...31)
    let found = search.best(block)
    let scales = found.scales.map { $0 + 32 }
    let thirdBits = (0..<32).map { found.codes.every(32, from: $0, count: 8).map { $0 >> 2 }.byte(bits: 1) }
    let low = (0..<8).map { scales.every(8, from: $0, count: 2).byte(bits: 4) }
    let high = (0..<4).map { scales.every(4, from: $0, count: 4).map { $0 >> 4 }.byte(bits: 2) }
    return thirdBits + found.codes.bitPairs + low + high + block.written(block.half(found.unit))
  }
}
