import HeddleTypes

extension ValueFormats.Q8_Dynamic: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).map { Float(bitPattern: block.word(0)) * Float(Swift.Int8(bitPattern: block[8 + $0])) }
  }

  /// `d = max∣x∣ / 127`; `x · (1/d)` rounded to nearest even. All zeros where d is below the least normal number; levels of 0
  /// under a d that is not finite where a value is not.
  static func encode(_ values: [Float], to writer: inout BlockWriter) {
    let magnitude = values.map { $0.bitPattern & 0x7FFF_FFFF }.max() ?? 0
    let scale = Float(bitPattern: magnitude) / 127
    let inverse = scale >= Float.leastNormalMagnitude && scale.isFinite ? 1 / scale : 0
    let levels = values.map { value in
      let level = (value * inverse).rounded(.toNearestOrEven)
      return level.isNaN ? 0 : Int(level)
    }
    writer.bits((inverse == 0 && scale.isFinite ? 0 : scale).bitPattern, byteCount: 4)
    for half in [0, 16] {
      writer.bits(UInt32(truncatingIfNeeded: levels[half..<half + 16].reduce(0, +)) & 0xFFFF, byteCount: 2)
    }
    for level in levels { writer.bytes.append(UInt8(truncatingIfNeeded: level)) }
  }
}
