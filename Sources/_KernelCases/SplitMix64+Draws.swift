import HeddleTypes

/// What cases draw.
extension SplitMix64 {
  /// Uniform in `-1 ..< 1`, a multiple of 2⁻²³.
  mutating func unit() -> Float { Float(Int64(next() >> 40) - (1 << 23)) * 0x1p-23 }

  mutating func units(_ count: Int) -> [Float] { (0..<count).map { _ in unit() } }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  /// Whole numbers as float32.
  mutating func wholes(_ count: Int, _ range: ClosedRange<Int>) -> [Float] {
    (0..<count).map { _ in Float(integer(range)) }
  }

  /// The seed of a text: FNV-1a.
  static func seed(of text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
