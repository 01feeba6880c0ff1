import HeddlePlanning
import HeddleText

/// How a graph is tuned.
public struct TuningOptions: Sendable {
  /// The bindings to tune for; nil for those the graph is planned for.
  public var ranges: [BindingRange]?
  /// How often each candidate is measured, in turns with the others, after it was warmed up.
  public var rounds = 9
  /// When to stop, in time from the start. What could not be measured by then keeps its default. A program being
  /// built is finished first.
  public var budget = Duration.seconds(300)
  /// Measures also what was measured before.
  public var isForced = false

  public static let roundsRange = 5...1000

  public init() {}

  /// When the budget is spent. Beyond a century it is as good as never, and clocks would overflow.
  var deadline: ContinuousClock.Instant {
    .now.later(by: budget)
  }

  func validate() throws(TuningError) {
    guard Self.roundsRange.contains(rounds) else { throw .rounds(rounds, range: Self.roundsRange) }
    guard budget > .zero else { throw .budget(budget) }
  }
}

/// How far tuning is.
public struct TuningProgress: Hashable, Sendable {
  public var range: BindingRange
  /// `building` or `measuring`.
  public var phase: String
  public var done: Int
  public var total: Int
}
