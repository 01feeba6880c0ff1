import HeddleTypes

extension Tensor {
  /// Values in levels of eight bits, scaled by the greatest magnitude of a block: what `writeRows` makes of floats.
  ///
  ///     d = max∣x∣ · (1/127) as half,  q = x · (1/d) to the nearest, ties to even;  infinite d, q = 0, where x has no such half
  init(greatestMagnitude values: [Float], as encoding: Encoding, shape: [Int]) throws(TypeError) {
    let size = encoding.blockSize
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: values.count, by: size) {
      let block = values[start..<start + size]
      let greatest = block.reduce(UInt32(0)) { max($0, $1.bitPattern & 0x7FFF_FFFF) }
      var scale =
        greatest < 0x3300_0000 ? 0 : HalfPrecision.encodeFloat16(Float(bitPattern: greatest) * Float(0x1.020408p-7))
      if greatest >= 0x7F80_0000 || scale > 0x7C00 { scale = 0x7C00 }
      bytes += [UInt8(truncatingIfNeeded: scale), UInt8(scale >> 8)]
      let inverse = scale == 0 || scale == 0x7C00 ? 0 : HalfPrecision.decodeFloat16(scale).searchReciprocal
      for value in block {
        let level = inverse == 0 ? 0 : max(-128, min(127, (value * inverse).rounded(.toNearestOrEven)))
        bytes.append(UInt8(bitPattern: Int8(level)))
      }
    }
    try self.init(encoding: encoding, shape: shape, bytes: bytes)
  }
}
