/// Arithmetic that cannot trap, for counts of what is in memory and sizes that were checked before.
extension Int {
  /// The quotient, where the divisor is at least 1.
  @inlinable package func divided(by divisor: Int) -> Int { self / Swift.max(1, divisor) }

  /// `⌈self / divisor⌉` of what is not negative, where the divisor is at least 1.
  @inlinable package func dividedRoundingUp(by divisor: Int) -> Int {
    (self &+ (Swift.max(1, divisor) &- 1)) / Swift.max(1, divisor)
  }

  /// The least multiple of a unit of at least 1 that is not below what is not negative.
  @inlinable package func roundedUp(toMultipleOf unit: Int) -> Int { dividedRoundingUp(by: unit) &* Swift.max(1, unit) }
}

extension ClosedRange<Int> {
  /// From the lesser of two numbers to the greater.
  @inlinable package init(between first: Int, _ second: Int) {
    self = Swift.min(first, second)...Swift.max(first, second)
  }
}

extension Range<Int> {
  /// So many numbers from the first on; none for a count below 0.
  @inlinable package init(from first: Int, count: Int) { self = first..<Swift.max(first, first &+ count) }
}
