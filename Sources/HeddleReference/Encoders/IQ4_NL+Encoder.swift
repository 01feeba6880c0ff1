import HeddleTypes

extension ValueFormats.IQ4_NL: ReferenceEncoder {
  static let greatestExponent = 22

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = ScaleSearch(levels: .table(levels), first: 90, step: 4, steps: 19)
    let group = block.group(0, of: 32)
    let scale = search.best(group, stored: block.stored)
    return block.written(block.half(scale)) + search.codes(group, scale).nibbles
  }
}
