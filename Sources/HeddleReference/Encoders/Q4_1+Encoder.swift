import HeddleTypes

extension ValueFormats.Q4_1: ReferenceEncoder {
  static let greatestExponent = 16

  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let search = AffineSearch(highest: 15, first: 13.5, step: 0.25, steps: 13)
    let group = block.group(0, of: 32)
    let affine = search.best(group, stored: block.stored)
    let codes = search.codes(group, affine)
    return block.written(block.half(affine.scale)) + block.written(block.half(-affine.least))
      + codes.nibbles
  }
}
