import ChatTemplates
import HeddleText

/// Finds special tokens in bytes: at each place the longest, from left to right. A trie, so the cost per place is at
/// most the length of the longest token, however many there are.
struct SpecialTokenMatcher: Sendable {
  private var children: [UInt64: Int] = [:]
  /// The token that ends at each node, if one does, and whether it is part of the text and matched in anyone's. Node 0 is
  /// the root.
  private var tokens: [(id: Int, isText: Bool)?] = [nil]
  private var beginsToken = [Bool](repeating: false, count: 256)

  init(_ vocabulary: Vocabulary) {
    for (id, kind) in vocabulary.kinds.enumerated() where kind.isSpecial {
      insert(vocabulary.bytes(of: id), id, isText: kind == .userDefined)
    }
  }

  private mutating func insert(_ token: ArraySlice<UInt8>, _ id: Int, isText: Bool) {
    guard let first = token.first else { return }
    beginsToken.update(at: Int(first)) { $0 = true }
    var node = 0
    for byte in token {
      let key = Self.key(node, byte)
      if let child = children[key] {
        node = child
      } else {
        children[key] = tokens.count
        node = tokens.count
        tokens.append(nil)
      }
    }
    tokens.update(at: node) { $0 = $0 ?? (id, isText) }
  }

  private static func key(_ node: Int, _ byte: UInt8) -> UInt64 { UInt64(truncatingIfNeeded: node) << 8 | UInt64(byte) }

  /// The first token of `text` at or after `start` that may stand there. Those that steer the model may only where all of
  /// their text is trusted, those of a user's own vocabulary anywhere.
  ///
  /// - Parameters:
  ///   - trust: of the text, in order; the last ends with it.
  ///   - run: where the search goes on in `trust`, at 0 first.
  func firstMatch(
    in text: [UInt8], from start: Int, trust: [RenderedRun.Trust], run: inout Int
  ) -> (id: Int, range: Range<Int>)? {
    let rest = text.part(from: start)
    for (index, byte) in zip(rest.indices, rest) where beginsToken[at: Int(byte)] == true {
      while let end = trust[at: run]?.end, end <= index { run &+= 1 }
      let trustedEnd = trust[at: run].flatMap { $0.isTrusted ? $0.end : nil } ?? index
      if let (id, end) = longestMatch(in: text, at: index, trustedEnd: trustedEnd) {
        return (id, index..<max(index, end))
      }
    }
    return nil
  }

  private func longestMatch(in text: [UInt8], at start: Int, trustedEnd: Int) -> (id: Int, end: Int)? {
    var best: (id: Int, end: Int)?
    var node = 0
    let rest = text.part(from: start)
    for (index, byte) in zip(rest.indices, rest) {
      guard let child = children[Self.key(node, byte)] else { break }
      node = child
      if let token = tokens[at: node] ?? nil, index < trustedEnd || token.isText { best = (token.id, index &+ 1) }
    }
    return best
  }
}
