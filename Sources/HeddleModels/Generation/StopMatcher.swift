import HeddleText

/// Finds the first of several texts in bytes that come piece by piece, and holds back what may be the beginning of one.
///
/// Each text is followed by its own Knuth–Morris–Pratt automaton: a byte costs a step of each, however the pieces are cut.
struct StopMatcher: Sendable {
  private struct Pattern: Sendable {
    var bytes: [UInt8]
    /// For each length of a matched beginning, the longest shorter one that also ends there.
    var fallback: [Int]
    /// How many bytes of it the bytes so far end with.
    var matched = 0

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      fallback = [0, 0]
      var length = 0
      for byte in bytes.dropFirst() {
        while length > 0, bytes[at: length] != byte { length = fallback[at: length] ?? 0 }
        if bytes[at: length] == byte { length &+= 1 }
        fallback.append(length)
      }
    }

    /// Whether the pattern ends with this byte.
    mutating func advance(_ byte: UInt8) -> Bool {
      while matched > 0, bytes[at: matched] != byte { matched = fallback[at: matched] ?? 0 }
      if bytes[at: matched] == byte { matched &+= 1 }
      return matched == bytes.count
    }
  }

  private var patterns: [Pattern]
  private var held: [UInt8] = []
  /// Whether one of the texts was found. Nothing is taken after that.
  private(set) var isStopped = false

  /// - Parameter texts: none of them empty.
  init(_ texts: [[UInt8]]) { patterns = texts.filter { !$0.isEmpty }.map(Pattern.init) }

  /// The bytes that are known to come before any of the texts.
  mutating func append(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    guard !isStopped else { return [] }
    for byte in bytes {
      held.append(byte)
      var longest = 0
      for index in patterns.indices {
        patterns.update(at: index) { if $0.advance(byte) { longest = max(longest, $0.bytes.count) } }
      }
      if longest > 0 {
        isStopped = true
        defer { held.removeAll() }
        return Array(held.part(from: 0, to: held.count &- longest))
      }
    }
    let end = held.count &- (patterns.map(\.matched).max() ?? 0)
    defer { held = Array(held.part(from: end)) }
    return Array(held.part(from: 0, to: end))
  }

  /// What was held back, when nothing follows.
  mutating func finish() -> [UInt8] {
    defer { held.removeAll() }
    return held
  }
}
