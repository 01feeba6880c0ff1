@_spi(_Unicode) import Swift

/// Unicode's normal forms, as the standard library computes them.
enum ComposedText {
  /// The composed form, NFC, of text in UTF-8.
  static func composed(_ text: ArraySlice<UInt8>) -> [UInt8] {
    bytes(of: String(decoding: text, as: UTF8.self)._nfc)
  }

  /// The scalars of the decomposed form, NFD.
  static func decomposed(_ text: String) -> [Unicode.Scalar] { Array(text._nfd) }

  private static func bytes(of scalars: some Sequence<Unicode.Scalar>) -> [UInt8] {
    var result: [UInt8] = []
    for scalar in scalars { result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter) }
    return result
  }
}
