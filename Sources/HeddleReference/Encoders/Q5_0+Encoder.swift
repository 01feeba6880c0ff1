import HeddleTypes

extension ValueFormats.Q5_0: ReferenceEncoder {
  static let greatestExponent = 20

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = ScaleSearch(levels: .uniform(-16...15), first: 13, step: 0.25, steps: 21)
    let group = block.group(0, of: 32)
    let scale = search.best(group, stored: block.stored)
    let codes = search.codes(group, scale)
    return block.written(block.half(scale)) + codes.fifthBits + codes.nibbles
  }
}
