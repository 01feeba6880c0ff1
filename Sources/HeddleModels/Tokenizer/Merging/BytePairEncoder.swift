import HeddleText

/// Byte pair encoding: text is cut into words, and the bytes of each, as tokens, are merged.
///
/// A byte without a token of its own is left out before merging, as in the tokenizers library.
struct BytePairEncoder: TextEncoder {
  private let vocabulary: Vocabulary
  private let pretokenizer: Pretokenizer
  private let merges: MergeTable
  private let byteIDs: [Int32]

  init(_ vocabulary: Vocabulary, _ pretokenizer: Pretokenizer, merges: MergeTable) {
    self.vocabulary = vocabulary
    self.pretokenizer = pretokenizer
    self.merges = merges
    byteIDs = (UInt8.min...UInt8.max).map { byte in
      withUnsafePointer(to: byte) { vocabulary.id(of: UnsafeBufferPointer(start: $0, count: 1)) ?? -1 }
    }
  }

  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    var merger = SymbolMerger(merges)
    pretokenizer.forEachWord(in: text) { word in
      let word = UnsafeBufferPointer(rebasing: text.part(from: word.lowerBound, to: word.upperBound))
      if pretokenizer.traits.contains(.wholeWords), let id = vocabulary.id(of: word),
        vocabulary.kinds[at: Int(id)]?.isSkippable == false
      {
        return ids.append(Int(id))
      }
      for (index, byte) in word.enumerated() {
        if let id = byteIDs[at: Int(byte)], id >= 0 { merger.append(id, Range(from: index, count: 1)) }
      }
      merger.merge(word, into: &ids)
    }
  }
}
