import HeddleText

/// Byte pairs, and between `<dna>` and `</dna>` tokens of six letters each, the last filled up with A; `<oov>` for those that there
/// are not. Source: llama.cpp, `llm_tokenizer_hybriddna_session`.
struct GeneticEncoder: TextEncoder {
  /// Tokens of six letters end in it in files, so that they are others than those of byte pairs.
  static let mark = "\u{E000}"
  private static let (opening, closing) = (Array("<dna>".utf8), Array("</dna>".utf8))

  private let pairs: any TextEncoder
  private let sixes: NameTable<Int>
  private let named: (opening: Int, closing: Int, other: Int)?

  /// - Parameter tokens: as files have them, with the mark.
  init(_ pairs: any TextEncoder, _ vocabulary: Vocabulary, tokens: [String]) {
    self.pairs = pairs
    var ids: NameTable<Int> = [:]
    for (id, token) in tokens.enumerated() { ids[token] = ids[token] ?? id }
    var sixes: NameTable<Int> = [:]
    for (token, id) in ids where token.utf8.count == 9 && token.without(suffix: Self.mark) != nil { sixes[token] = id }
    self.sixes = sixes
    if let opening = ids["<dna>"], let closing = ids["</dna>"], let other = ids["<oov>"] {
      named = (opening, closing, other)
    } else {
      named = nil
    }
  }

  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    guard let named else { return pairs.encode(text, into: &ids) }
    var start = 0
    while start < text.count {
      let opening = place(of: Self.opening, in: text, from: start)
      let plain = UnsafeBufferPointer(rebasing: text.part(from: start, to: opening ?? text.count))
      if !plain.isEmpty { pairs.encode(plain, into: &ids) }
      guard let opening else { return }
      ids.append(named.opening)
      let first = opening &+ Self.opening.count
      let closing = place(of: Self.closing, in: text, from: first)
      append(text, from: first, to: closing ?? text.count, named.other, to: &ids)
      guard let closing else { return }
      ids.append(named.closing)
      start = closing &+ Self.closing.count
    }
  }

  private func append(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, _ other: Int, to ids: inout [Int]
  ) {
    for place in stride(from: start, to: end, by: 6) {
      var letters = text.part(from: place, to: min(place &+ 6, end)).map { (0x61...0x7A).contains($0) ? $0 &- 32 : $0 }
      while letters.count < 6 { letters.append(UInt8(ascii: "A")) }
      ids.append(sixes[String(decoding: letters, as: UTF8.self) + Self.mark] ?? other)
    }
  }

  private func place(of tag: [UInt8], in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var place = start
    while place &+ tag.count <= text.count {
      if text.part(from: place, to: place &+ tag.count).elementsEqual(tag) { return place }
      place &+= 1
    }
    return nil
  }
}
