import HeddleText

/// WordPiece: each word is cut into tokens, at each place the longest. A word that cannot be, or has more than a hundred
/// characters, is the unknown token.
///
/// A token that a mark begins stands first in a word, and others behind it. The mark alone is no beginning: it is the
/// character.
///
/// Sources: Devlin et al. 2019, `tokenization.py`; tokenizers, `models/wordpiece`.
struct WordPieceEncoder: TextEncoder {
  private let beginnings: ByteTrie
  private let continuations: ByteTrie
  private let words: BertWords
  private let unknownID: Int?

  init(_ vocabulary: Vocabulary, _ description: TokenizerDescription) {
    func isBeginning(_ id: Int) -> Bool {
      let bytes = vocabulary.bytes(of: id)
      return bytes.starts(with: MarkedSpace.bytes) && bytes.count > MarkedSpace.bytes.count
    }
    beginnings = ByteTrie(vocabulary) { !$1.isSpecial && isBeginning($0) }
    continuations = ByteTrie(vocabulary) { !$1.isSpecial && !isBeginning($0) }
    let lowercase = description.lowercase ?? true
    words = BertWords(lowercases: lowercase, stripsAccents: description.stripAccents ?? lowercase)
    unknownID = description.unknownID
  }

  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    for word in words.words(of: String(decoding: text, as: UTF8.self)) {
      var bytes = MarkedSpace.bytes
      for scalar in word { bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter) }
      let pieces = word.count > 100 ? nil : bytes.withUnsafeBufferPointer(pieces)
      if let pieces {
        ids += pieces
      } else if let unknownID {
        ids.append(unknownID)
      }
    }
  }

  private func pieces(of word: UnsafeBufferPointer<UInt8>) -> [Int]? {
    var pieces: [Int] = []
    var start = 0
    while start < word.count {
      guard let (id, end) = (start == 0 ? beginnings : continuations).longestMatch(in: word, from: start) else {
        return nil
      }
      pieces.append(Int(id))
      start = end
    }
    return pieces
  }
}
