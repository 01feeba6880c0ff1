import HeddleTypes

/// 32 bytes hold five digits each, those of a place for all bytes first, then 16 bytes five and 4 bytes four.
extension ValueFormats.TQ1_0: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    [(bytes: 0..<32, digits: 5), (32..<48, 5), (48..<52, 4)].flatMap { part in
      powers.prefix(part.digits).flatMap { power in
        part.bytes.map { block.scale(52) * Float(Int(block[$0] &* power) * 3 / 256 - 1) }
      }
    }
  }

  private static let powers: [UInt8] = [1, 3, 9, 27, 81]
}
