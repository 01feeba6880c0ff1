import HeddleTypes

extension ValueFormats.Int8_G64: ReferenceEncoder {
  static let greatestExponent = 23

  /// −128 is not used.
  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = ScaleSearch(levels: .uniform(-127...127), first: 125, step: 0.25, steps: 13)
    let group = block.group(0, of: 64)
    let scale = search.best(group, stored: block.stored)
    return block.written(block.half(scale))
      + search.codes(group, scale).map { UInt8(truncatingIfNeeded: $0 - 127) }
  }
}
