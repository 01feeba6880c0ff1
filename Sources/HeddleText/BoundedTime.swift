extension Duration {
  // Traps: never (unit-of-time).
  /// The duration in seconds.
  package var inSeconds: Double { self / .seconds(1) }
}

extension ContinuousClock.Instant {
  // Traps: never (century-at-most).
  /// The instant so much later, or a century if that is less.
  package func later(by duration: Duration) -> ContinuousClock.Instant {
    advanced(by: Swift.min(Swift.max(duration, .zero), .seconds(100 * 365 * 24 * 3600)))
  }
}
