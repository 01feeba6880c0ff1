/// How far a result may be from the oracle's. NaNs must stand at the same places and infinities must have the same
/// sign whatever the tolerance. `u` is 2⁻²⁴, half a unit in the last place of 1.
public enum Tolerance: Sendable {
  /// The same bits; NaNs by position. For moves, decoding and single correctly rounded operations.
  case exact
  /// The same values; zeros of either sign. For sums that are exact by construction, whatever their order.
  case equal
  /// `∣y − y₆₄∣ ≤ roundings · u · ∣y₆₄∣ + smallest`.
  case relative(roundings: Double, smallest: Double = 0x1p-126)
  /// `∣y − y₆₄∣ ≤ bound` for each element of each output; computed in float64 when it is asked for.
  case bounded(@Sendable () throws -> [String: [Double]])

  /// u = 2⁻²⁴.
  static let unit = 0x1p-24
}
