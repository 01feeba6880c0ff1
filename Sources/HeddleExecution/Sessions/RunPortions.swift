import HeddleText

/// Cuts the launches of a run into portions of about 50 ms, so that a cancelled run stops soon and the device always has
/// one portion to do while the next is enqueued.
///
///     size' = clamp(size · 50 ms / duration, 1, 4 · size)         once a portion's duration is known
///
/// What is known beforehand to take no longer than one portion is one. What is unknown begins with few launches: two
/// portions are under way before the first was timed, and a launch may take a tenth of a second.
struct RunPortions {
  /// A cancelled run stops within two of these, or one launch if that takes longer.
  static let duration = Duration.milliseconds(50)
  /// Launches in a portion of which nothing is known.
  static let firstSize = 4

  /// Launches in the portion that is being enqueued, 1 or more.
  private(set) var size: Int
  private let count: Int
  /// The portion's first launch, and the launches of those before it that were not timed yet, oldest first.
  private var start = 0
  private var pending: [Int] = []

  /// - Parameters:
  ///   - count: launches of the run.
  ///   - expected: what they are expected to take; nil: unknown.
  init(count: Int, expected: Duration?) {
    self.count = count
    if let expected {
      let portions = max(1, expected.ratio(to: Self.duration))
      size = portions > 1 ? max(1, Int(exactly: (Double(count) / portions).rounded(.down)) ?? count) : max(1, count)
    } else {
      size = Self.firstSize
    }
  }

  /// Whether a portion ends before this launch; asked in order, of each that could begin one.
  mutating func ends(before launch: Int) -> Bool {
    guard launch > 0, launch &- start >= size else { return false }
    pending.append(launch &- start)
    start = launch
    return true
  }

  /// Launches of the portion from this one on, 1 or more.
  func rest(from launch: Int) -> Int { max(1, start &+ size &- launch) }

  /// The oldest portion that was under way is complete, and took this long.
  mutating func completed(in duration: Duration) {
    guard let launches = pending.first else { return }
    pending = Array(pending.dropFirst())
    let wanted = duration > .zero ? Double(launches) * Self.duration.ratio(to: duration) : .infinity
    let most = max(1, min(4 &* launches, count))
    size = max(1, wanted < Double(most) ? Int(exactly: wanted.rounded(.down)) ?? most : most)
  }
}
