import HeddleText

/// Tokens by their bytes, for finding those that a text begins with. The children of a node stand side by side, in the
/// order of their bytes, so that the trie is four flat arrays.
struct ByteTrie: Sendable {
  private var bytes: [UInt8] = [0]
  private var tokens: [Int32] = [-1]
  private var firstChildren: [Int32] = [0]
  private var childCounts: [UInt16] = [0]

  /// Holds the tokens of a vocabulary that `isWanted` takes; of equal ones the first.
  init(_ vocabulary: Vocabulary, where isWanted: (_ id: Int, TokenKind) -> Bool) {
    var ids: [Int] = []
    for (id, kind) in vocabulary.kinds.enumerated() where isWanted(id, kind) && !vocabulary.bytes(of: id).isEmpty {
      ids.append(id)
    }
    ids.sort { left, right in
      let (a, b) = (vocabulary.bytes(of: left), vocabulary.bytes(of: right))
      return a.lexicographicallyPrecedes(b) || (!b.lexicographicallyPrecedes(a) && left < right)
    }
    build(ids, vocabulary)
  }

  /// From the root on, each node takes the tokens that share its bytes, and parts them by their next one.
  private mutating func build(_ ids: [Int], _ vocabulary: Vocabulary) {
    var ranges = [0..<ids.count]
    var depths = [0]
    var node = 0
    while let range = ranges[at: node], let depth = depths[at: node] {
      let first = bytes.count
      var index = range.lowerBound
      while index < range.upperBound, let id = ids[at: index] {
        let content = vocabulary.bytes(of: id)
        guard let byte = content.part(from: content.startIndex &+ depth).first else {
          tokens.update(at: node) { $0 = $0 < 0 ? Int32(truncatingIfNeeded: id) : $0 }
          index &+= 1
          continue
        }
        let start = index
        while index < range.upperBound, let id = ids[at: index],
          Self.byte(of: vocabulary.bytes(of: id), at: depth) == byte
        {
          index &+= 1
        }
        bytes.append(byte)
        tokens.append(-1)
        firstChildren.append(0)
        childCounts.append(0)
        ranges.append(start..<max(start, index))
        depths.append(depth &+ 1)
      }
      firstChildren.update(at: node) { $0 = Int32(truncatingIfNeeded: first) }
      childCounts.update(at: node) { $0 = UInt16(truncatingIfNeeded: bytes.count &- first) }
      node &+= 1
    }
  }

  private static func byte(of content: ArraySlice<UInt8>, at depth: Int) -> UInt8? {
    content[at: content.startIndex &+ depth]
  }

  /// Calls `body` with each token that `text` has at `start`, from the shortest, and where it ends.
  func forEachMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int, _ body: (_ id: Int32, _ end: Int) -> Void) {
    var (node, end) = (0, start)
    while let byte = text[at: end], let child = child(of: node, byte) {
      node = child
      end &+= 1
      if let id = tokens[at: node], id >= 0 { body(id, end) }
    }
  }

  /// The longest token that `text` has at `start`.
  func longestMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> (id: Int32, end: Int)? {
    var best: (id: Int32, end: Int)?
    forEachMatch(in: text, from: start) { best = ($0, $1) }
    return best
  }

  private func child(of node: Int, _ byte: UInt8) -> Int? {
    guard let firstChild = firstChildren[at: node], let count = childCounts[at: node] else { return nil }
    var first = Int(firstChild)
    var end = first &+ Int(count)
    while first < end {
      let middle = (first &+ end) >> 1
      guard let found = bytes[at: middle] else { return nil }
      if found == byte { return middle }
      if byte < found { end = middle } else { first = middle &+ 1 }
    }
    return nil
  }
}
