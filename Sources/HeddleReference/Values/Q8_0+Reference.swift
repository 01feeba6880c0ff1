import HeddleTypes

extension ValueFormats.Q8_0: ReferenceQuantization {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).map { block.scale(0) * Float(Swift.Int8(bitPattern: block[2 + $0])) }
  }

  /// `d = max∣x∣ / 127`; `x/d` rounded half away from zero.
  static func encode(_ values: [Float], to writer: inout BlockWriter) {
    let scale = values.reduce(Float(0)) { abs($1) > $0 ? abs($1) : $0 } / 127
    let inverse = scale == 0 ? 0 : 1 / scale
    writer.scale(scale)
    for value in values {
      let level = (value * inverse).rounded(.toNearestOrAwayFromZero)
      writer.bytes.append(UInt8(bitPattern: Swift.Int8(BlockWriter.level(level + 128, greatest: 255) - 128)))
    }
  }
}
