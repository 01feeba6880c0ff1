import HeddleText

/// The last tokens of a sequence, and how often each of them is among them.
struct SeenTokens: Sendable {
  /// How many of the last tokens count; nil for all.
  let window: Int?
  private(set) var counts: [Int: Int] = [:]
  /// Those in the window, as a ring once it is full; empty where all count.
  private var ring: [Int] = []
  private var oldest = 0

  init(window: Int?) { self.window = window }

  mutating func append(_ id: Int) {
    counts[id, default: 0] &+= 1
    guard let window else { return }
    if ring.count < window {
      ring.append(id)
      return
    }
    if let gone = ring[at: oldest] {
      let left = (counts[gone] ?? 1) &- 1
      counts[gone] = left > 0 ? left : nil
    }
    ring.update(at: oldest) { $0 = id }
    oldest = oldest &+ 1 < ring.count ? oldest &+ 1 : 0
  }
}
