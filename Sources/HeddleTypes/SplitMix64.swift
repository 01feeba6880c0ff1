/// A generator of 64-bit numbers whose sequence depends on the seed alone, on every platform.
///
///   state ← state + 0x9E3779B97F4A7C15
///   z ← state;  z ← (z ⊕ z≫30)·0xBF58476D1CE4E5B9;  z ← (z ⊕ z≫27)·0x94D049BB133111EB;  result z ⊕ z≫31
///
/// Source: Steele, Lea, Flood, “Fast splittable pseudorandom number generators”, 2014. Not for secrets.
package struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// A number in [0, 1): the upper 53 bits of the next, times 2⁻⁵³.
  package mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
