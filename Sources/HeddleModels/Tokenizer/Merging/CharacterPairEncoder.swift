import HeddleText

/// Byte pair encoding of characters: text is cut into words, and the characters of each, as tokens, are merged. One without
/// a token becomes the tokens of its bytes.
///
/// Tokens hold plain spaces, see `MarkedSpace`. Source: llama.cpp, `llama-vocab.cpp`, of Gemma 4.
struct CharacterPairEncoder: TextEncoder {
  private let vocabulary: Vocabulary
  private let pretokenizer: Pretokenizer
  private let merges: MergeTable
  private let fallback: ByteFallback

  init(_ vocabulary: Vocabulary, _ pretokenizer: Pretokenizer, merges: MergeTable, unknownID: Int?) {
    self.vocabulary = vocabulary
    self.pretokenizer = pretokenizer
    self.merges = merges
    fallback = ByteFallback(vocabulary, unknownID: unknownID)
  }

  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    var plain: [UInt8] = []
    MarkedSpace.appendText(markedBy: text, to: &plain)
    if pretokenizer.traits.contains(.lineSpaces) { plain = Self.withLineSpaces(plain) }
    var merger = SymbolMerger(merges)
    plain.withUnsafeBufferPointer { text in
      pretokenizer.forEachWord(in: text) { word in
        let word = UnsafeBufferPointer(rebasing: text.part(from: word.lowerBound, to: word.upperBound))
        if pretokenizer.traits.contains(.wholeNewlines), word.first == 0x0A, let id = vocabulary.id(of: word) {
          ids.append(Int(id))
        } else {
          merge(word, &merger, into: &ids)
        }
      }
    }
  }

  /// The characters of a word; one that is left out keeps its neighbours apart.
  private func merge(
    _ word: UnsafeBufferPointer<UInt8>, _ merger: inout SymbolMerger<MergeTable>, into ids: inout [Int]
  ) {
    func merge(from start: Int, to end: Int) {
      let part = UnsafeBufferPointer(rebasing: word.part(from: start, to: end))
      merger.append(charactersOf: part, vocabulary, fallback)
      merger.merge(part, into: &ids)
    }
    guard fallback.leavesOut else { return merge(from: 0, to: word.count) }
    var (start, place) = (0, 0)
    while place < word.count {
      let end = UTF8Text.end(of: place, in: word)
      let character = UnsafeBufferPointer(rebasing: word.part(from: place, to: end))
      if vocabulary.id(of: character) == nil, !fallback.covers(character) {
        merge(from: start, to: place)
        start = end
      }
      place = end
    }
    merge(from: start, to: word.count)
  }

  private static func withLineSpaces(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var isLineStart = true
    for byte in text {
      if isLineStart, byte != 0x0A, byte != MarkedSpace.space { result.append(MarkedSpace.space) }
      isLineStart = byte == 0x0A
      result.append(byte)
    }
    return result
  }
}
