import HeddleText

/// Tokens by id, as many as the embedding has rows.
struct TokenTable {
  private var texts: [String?]
  private(set) var kinds: [Int32]
  private(set) var scores: [Float]

  /// - Parameter count: rows of the embedding.
  init(count: Int) throws(HubTokenizerDefect) {
    guard (0...TokenizerJSON.maximumCount).contains(count) else {
      throw .tooManyTokens(count, limit: TokenizerJSON.maximumCount)
    }
    texts = [String?](filled: nil, count: count)  // Traps: never (clamped-count).
    kinds = [Int32](filled: TokenKinds.unused, count: count)  // Traps: never (clamped-count).
    scores = [Float](filled: -10_000, count: count)  // Traps: never (clamped-count).
  }

  /// Places a token of the vocabulary.
  mutating func add(_ token: String, id: Int, kind: Int32, score: Float = 0) throws(HubTokenizerDefect) {
    guard texts.indices.contains(id) else { throw .idOutOfRange(token: token, id: id, count: texts.count) }
    if let other = texts[at: id] ?? nil { throw .duplicateID(id, other, and: token) }
    set(token, id: id, kind: kind, score: score)
  }

  /// Places a token that was added, whatever is there. One that the embedding has no row for is left out: no text can
  /// give it.
  mutating func set(_ token: String, id: Int, kind: Int32, score: Float) {
    texts.update(at: id) { $0 = token }
    kinds.update(at: id) { $0 = kind }
    scores.update(at: id) { $0 = score }
  }

  subscript(id: Int) -> String? { texts[at: id] ?? nil }

  /// Every id's token: those that have none are called by their id.
  var tokens: [String] { texts.enumerated().map { $1 ?? "[PAD\($0)]" } }

  /// The ids of some tokens: of each the first.
  func ids(of tokens: NameSet) -> NameTable<Int> {
    var ids: NameTable<Int> = [:]
    for (id, text) in texts.enumerated() {
      if let text, tokens.contains(text), ids[text] == nil { ids[text] = id }
    }
    return ids
  }
}
