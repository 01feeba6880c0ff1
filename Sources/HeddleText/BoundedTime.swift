extension Duration {
  // Traps: never (length-of-time).
  /// How many times as long as another duration; infinite where that is no time.
  package func ratio(to other: Duration) -> Double { other == .zero ? .infinity : self / other }

  /// The duration in seconds.
  package var inSeconds: Double { ratio(to: .seconds(1)) }
}

extension ContinuousClock.Instant {
  // Traps: never (century-at-most).
  /// The instant so much later, or a century if that is less.
  package func later(by duration: Duration) -> ContinuousClock.Instant {
    advanced(by: Swift.min(Swift.max(duration, .zero), .seconds(100 * 365 * 24 * 3600)))
  }
}
