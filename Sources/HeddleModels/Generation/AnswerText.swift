/// The text of an answer as its tokens come: whole characters, without special tokens, up to the first stop text.
struct AnswerText: Sendable {
  private let tokenizer: Tokenizer
  private var decoder: TokenDecoder
  private var matcher: StopMatcher
  /// Stop texts that are special tokens, which have no text of their own.
  private let stopIDs: Set<Int>
  /// Whether a stop text appeared.
  private(set) var isStopped = false

  /// - Throws: ``ModelError/emptyStopText``.
  init(_ tokenizer: Tokenizer, stop: [String]) throws(ModelError) {
    guard !stop.contains(where: \.isEmpty) else { throw .emptyStopText }
    self.tokenizer = tokenizer
    decoder = tokenizer.makeDecoder(skipSpecial: true)
    matcher = StopMatcher(stop.map { Array($0.utf8) })
    stopIDs = Set(stop.compactMap(tokenizer.specialID))
  }

  /// The text that `id` completes.
  mutating func append(_ id: Int) throws(TokenizerError) -> String {
    let bytes = try tokenizer.bytes(of: id, skipSpecial: true)
    if stopIDs.contains(id) {
      isStopped = true
      return ""
    }
    let text = decoder.append(matcher.append(bytes))
    isStopped = matcher.isStopped
    return text
  }

  /// What is left at the end: the beginning of a stop text that did not come, U+FFFD for a character that stayed incomplete.
  mutating func finish() -> String { decoder.append(matcher.finish()) + decoder.finish() }
}
