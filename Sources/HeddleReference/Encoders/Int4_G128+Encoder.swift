import HeddleTypes

extension ValueFormats.Int4_G128: ReferenceEncoder {
  static let greatestExponent = 19

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = ScaleSearch(levels: .uniform(-8...7), first: 6, step: 0.25, steps: 17)
    let group = block.group(0, of: 128)
    let scale = search.best(group, stored: block.stored)
    return block.written(block.half(scale)) + search.codes(group, scale).nibblesOfEach32
  }
}
