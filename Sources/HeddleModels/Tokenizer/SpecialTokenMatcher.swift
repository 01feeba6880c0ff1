// Traps: never, a node is an index of `ids`, a byte one of 256, and starts are positions in the text.

/// Finds special tokens in bytes: at each place the longest, from left to right. A trie, so the cost per place is at
/// most the length of the longest token, however many there are.
struct SpecialTokenMatcher: Sendable {
  private var children: [UInt64: Int] = [:]
  /// The token that ends at each node, or -1. Node 0 is the root.
  private var ids = [-1]
  private var beginsToken = [Bool](repeating: false, count: 256)

  init(_ vocabulary: Vocabulary) {
    for id in vocabulary.kinds.indices where vocabulary.kinds[id].isSpecial {
      insert(vocabulary.bytes(of: id), id)
    }
  }

  private mutating func insert(_ token: ArraySlice<UInt8>, _ id: Int) {
    guard let first = token.first else { return }
    beginsToken[Int(first)] = true
    var node = 0
    for byte in token {
      let key = Self.key(node, byte)
      if let child = children[key] {
        node = child
      } else {
        children[key] = ids.count
        node = ids.count
        ids.append(-1)
      }
    }
    if ids[node] < 0 { ids[node] = id }
  }

  private static func key(_ node: Int, _ byte: UInt8) -> UInt64 { UInt64(node) << 8 | UInt64(byte) }

  /// The first special token of `text` at or after `start`.
  func firstMatch(in text: [UInt8], from start: Int) -> (id: Int, range: Range<Int>)? {
    for index in start..<max(start, text.count) where beginsToken[Int(text[index])] {
      if let (id, end) = longestMatch(in: text, at: index) { return (id, index..<end) }
    }
    return nil
  }

  private func longestMatch(in text: [UInt8], at start: Int) -> (id: Int, end: Int)? {
    var best: (id: Int, end: Int)?
    var node = 0
    for index in start..<text.count {
      guard let child = children[Self.key(node, text[index])] else { break }
      node = child
      if ids[node] >= 0 { best = (ids[node], index + 1) }
    }
    return best
  }
}
