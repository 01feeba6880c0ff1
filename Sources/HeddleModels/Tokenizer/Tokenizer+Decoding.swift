extension Tokenizer {
  /// The text of `ids`. Bytes that are no UTF-8 become U+FFFD.
  ///
  /// - Parameters:
  ///   - skipSpecial: whether control tokens are left out.
  ///   - goesOn: whether the text goes on from another. Where it does not, and the tokenizer puts a space before a text, one
  ///     at the beginning is left out.
  public func decode(_ ids: [Int], skipSpecial: Bool, goesOn: Bool = false) throws(TokenizerError) -> String {
    var result: [UInt8] = []
    var prefix = SpacePrefix(isExpected: hasSpacePrefix && !goesOn)
    for id in ids { result.append(contentsOf: prefix.removed(from: try bytes(of: id, skipSpecial: skipSpecial))) }
    return String(decoding: result, as: UTF8.self)
  }

  /// The bytes a token stands for: part of a character, a word, or a special token's text. A space that begins a text is
  /// among them: see `decode`.
  public func bytes(of id: Int) throws(TokenizerError) -> [UInt8] { Array(try bytes(of: id, skipSpecial: false)) }

  /// What a token is for.
  public func kind(of id: Int) throws(TokenizerError) -> TokenKind {
    guard vocabulary.kinds.indices.contains(id) else { throw .idOutOfRange(id, count: count) }
    return vocabulary.kinds[id]
  }

  /// A decoder that takes one id at a time; its parameters are those of `decode`.
  public func makeDecoder(skipSpecial: Bool, goesOn: Bool = false) -> TokenDecoder {
    TokenDecoder(self, skipSpecial: skipSpecial, goesOn: goesOn)
  }

  func bytes(of id: Int, skipSpecial: Bool) throws(TokenizerError) -> ArraySlice<UInt8> {
    let kind = try kind(of: id)
    if skipSpecial && kind.isSkippable { return [] }
    let bytes = vocabulary.bytes(of: id)
    guard marksWords, !kind.isSpecial, bytes.starts(with: MarkedSpace.bytes) else { return bytes }
    var spaced: ArraySlice<UInt8> = [MarkedSpace.space]
    spaced.append(contentsOf: bytes.part(from: bytes.startIndex &+ MarkedSpace.bytes.count))
    return spaced
  }
}

/// Leaves out the space that encoding put before a text, if that is how the text begins.
struct SpacePrefix {
  /// Whether the next byte may be that space.
  var isExpected: Bool

  mutating func removed(from bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard isExpected, let first = bytes.first else { return bytes }
    isExpected = false
    return first == MarkedSpace.space ? bytes.part(from: bytes.startIndex &+ 1) : bytes
  }
}
