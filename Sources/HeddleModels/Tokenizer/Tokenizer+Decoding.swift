extension Tokenizer {
  /// The text of `ids`. Bytes that are no UTF-8 become U+FFFD.
  ///
  /// - Parameter skipSpecial: whether control tokens are left out.
  public func decode(_ ids: [Int], skipSpecial: Bool) throws(TokenizerError) -> String {
    var result: [UInt8] = []
    for id in ids { result.append(contentsOf: try bytes(of: id, skipSpecial: skipSpecial)) }
    return String(decoding: result, as: UTF8.self)
  }

  /// The bytes a token stands for: part of a character, a word, or a special token's text.
  public func bytes(of id: Int) throws(TokenizerError) -> [UInt8] { Array(try bytes(of: id, skipSpecial: false)) }

  /// What a token is for.
  public func kind(of id: Int) throws(TokenizerError) -> TokenKind {
    guard vocabulary.kinds.indices.contains(id) else { throw .idOutOfRange(id, count: count) }
    return vocabulary.kinds[id]
  }

  /// A decoder that takes one id at a time.
  public func makeDecoder(skipSpecial: Bool) -> TokenDecoder { TokenDecoder(self, skipSpecial: skipSpecial) }

  func bytes(of id: Int, skipSpecial: Bool) throws(TokenizerError) -> ArraySlice<UInt8> {
    let kind = try kind(of: id)
    return skipSpecial && kind.isSkippable ? [] : vocabulary.bytes(of: id)
  }
}
