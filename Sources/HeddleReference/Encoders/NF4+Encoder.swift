import HeddleTypes

extension ValueFormats.NF4: ReferenceEncoder {
  static let leastExponent = -124
  static let greatestExponent = 127

  /// As bitsandbytes does it: values times the reciprocal of the greatest magnitude, between levels the rounded mean of both.
  static func encode(_ block: SearchedBlock) -> [UInt8] {
    let levels = Codebook.nf4.entries.map { Float(bitPattern: $0) }
    let search = ScaleSearch(levels: .table(levels), first: 0.6875, step: 0.0625, steps: 11)
    let group = block.group(0, of: 64)
    let scale = FloatScaleSearch(search: search, greatest: 1).best(block, group)
    return block.written(scale) + search.codes(group, scale).nibblesOfEach32
  }
}
