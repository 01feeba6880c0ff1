import HeddleText

extension SymbolMerger {
  /// Adds the characters of a text at the end: each as its token, or as what stands for it.
  mutating func append(
    charactersOf text: UnsafeBufferPointer<UInt8>, _ vocabulary: Vocabulary, _ fallback: ByteFallback
  ) {
    var isUnknown = false
    var start = 0
    while start < text.count {
      let end = UTF8Text.end(of: start, in: text)
      let character = UnsafeBufferPointer(rebasing: text.part(from: start, to: end))
      if let id = vocabulary.id(of: character) {
        isUnknown = false
        append(id, start..<max(start, end))
      } else {
        fallback.forEach(character, after: &isUnknown) { append($0, Range(from: start &+ $1, count: 1)) }
      }
      start = end
    }
  }
}
