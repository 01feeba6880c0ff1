/// Steele, Lea and Flood's SplitMix64: the same values from the same seed everywhere.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

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
