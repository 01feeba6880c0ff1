import HeddleText

/// Words between white space, which is left out; letters may be lowered. Source: llama.cpp, `llm_tokenizer_whitespace_session`.
struct SpacedEncoder: TextEncoder {
  private let words: any TextEncoder
  private let lowers: Bool

  init(_ words: any TextEncoder, lowers: Bool) {
    self.words = words
    self.lowers = lowers
  }

  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    var word: [UInt8] = []
    func finish() {
      if !word.isEmpty { word.withUnsafeBufferPointer { words.encode($0, into: &ids) } }
      word.removeAll(keepingCapacity: true)
    }
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if scalar.properties.isWhitespace {
        finish()
      } else {
        // One letter for one, as tables of single letters have it.
        let lowered = lowers ? scalar.properties.lowercaseMapping.unicodeScalars : String(scalar).unicodeScalars
        word.append(contentsOf: String(lowered.first ?? scalar).utf8)
      }
    }
    finish()
  }
}
