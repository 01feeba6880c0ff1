import ChatTemplates

// Traps: never, a node is an index of `ids`, a byte one of 256, and starts are positions in the text.

/// Finds special tokens in bytes: at each place the longest, from left to right. A trie, so the cost per place is at
/// most the length of the longest token, however many there are.
struct SpecialTokenMatcher: Sendable {
  private var children: [UInt64: Int] = [:]
  /// The token that ends at each node, or -1. Node 0 is the root.
  private var ids = [-1]
  /// Whether the token that ends at each node is part of the text and matched in anyone's.
  private var isText = [false]
  private var beginsToken = [Bool](repeating: false, count: 256)

  init(_ vocabulary: Vocabulary) {
    for id in vocabulary.kinds.indices where vocabulary.kinds[id].isSpecial {
      insert(vocabulary.bytes(of: id), id, isText: vocabulary.kinds[id] == .userDefined)
    }
  }

  private mutating func insert(_ token: ArraySlice<UInt8>, _ id: Int, isText: Bool) {
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
        self.isText.append(false)
      }
    }
    if ids[node] < 0 { (ids[node], self.isText[node]) = (id, isText) }
  }

  private static func key(_ node: Int, _ byte: UInt8) -> UInt64 { UInt64(node) << 8 | UInt64(byte) }

  /// The first token of `text` at or after `start` that may stand there. Those that steer the model may only where all of
  /// their text is trusted, those of a user's own vocabulary anywhere.
  ///
  /// - Parameters:
  ///   - trust: of the text, in order; the last ends with it.
  ///   - run: where the search goes on in `trust`, at 0 first.
  func firstMatch(
    in text: [UInt8], from start: Int, trust: [RenderedRun.Trust], run: inout Int
  ) -> (id: Int, range: Range<Int>)? {
    for index in start..<max(start, text.count) where beginsToken[Int(text[index])] {
      while run < trust.count, trust[run].end <= index { run += 1 }
      let trustedEnd = run < trust.count && trust[run].isTrusted ? trust[run].end : index
      if let (id, end) = longestMatch(in: text, at: index, trustedEnd: trustedEnd) { return (id, index..<end) }
    }
    return nil
  }

  private func longestMatch(in text: [UInt8], at start: Int, trustedEnd: Int) -> (id: Int, end: Int)? {
    var best: (id: Int, end: Int)?
    var node = 0
    for index in start..<text.count {
      guard let child = children[Self.key(node, text[index])] else { break }
      node = child
      if ids[node] >= 0, index < trustedEnd || isText[node] { best = (ids[node], index + 1) }
    }
    return best
  }
}
