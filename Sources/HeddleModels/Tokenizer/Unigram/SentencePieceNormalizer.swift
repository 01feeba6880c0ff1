import HeddleText

/// Text as SentencePiece normalizes it before its tokens are sought: characters are replaced, spaces are put first and
/// taken away. The result has plain spaces where SentencePiece writes U+2581.
///
/// Source: sentencepiece, `normalizer.cc`.
struct SentencePieceNormalizer: Sendable {
  /// What characters are replaced by, if the file says.
  var characters: CharacterMap?
  /// Whether a space is put before the text.
  var addsSpace: Bool
  /// Whether spaces at the beginning and the end go, and one stays of several.
  var removesExtraSpaces: Bool

  func normalize(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    if addsSpace { result.append(MarkedSpace.space) }
    let start = result.count
    if let characters {
      var replaced: [UInt8] = []
      characters.appendReplacement(of: text, to: &replaced)
      replaced.withUnsafeBufferPointer { append($0, to: &result) }
    } else {
      append(text, to: &result)
    }
    if removesExtraSpaces {
      while result.count > start, result.last == MarkedSpace.space { _ = result.popLast() }
      if result.count == start { return [] }
    }
    return result
  }

  private func append(_ text: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
    guard removesExtraSpaces else { return MarkedSpace.appendText(markedBy: text, to: &result) }
    // A mark that the text itself holds is no space yet when these are counted.
    var isAfterSpace = true
    var words: [UInt8] = []
    for byte in text where byte != MarkedSpace.space || !isAfterSpace {
      isAfterSpace = byte == MarkedSpace.space
      words.append(byte)
    }
    words.withUnsafeBufferPointer { MarkedSpace.appendText(markedBy: $0, to: &result) }
  }
}
