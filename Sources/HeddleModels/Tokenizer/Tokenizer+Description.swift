import HeddleText

extension Tokenizer {
  /// The kind of each token. Those of `ends` are control tokens, whatever the file calls them. Without types in the file,
  /// so are the tokens that open and close a sequence.
  static func kinds(
    _ description: TokenizerDescription, ends: Set<Int>
  ) throws(TokenizerError) -> [TokenKind] {
    var kinds = try declaredKinds(description)
    for id in ends { kinds.update(at: id) { $0 = .control } }
    return kinds
  }

  private static func declaredKinds(_ description: TokenizerDescription) throws(TokenizerError) -> [TokenKind] {
    let count = description.tokens.count
    guard count > 0 else { throw .emptyVocabulary }
    guard !description.tokenTypes.isEmpty else {
      var kinds = description.tokens.map { _ in TokenKind.normal }
      for case let id? in [description.bosID, description.eosID, description.endOfTurnID, description.endOfMessageID] {
        kinds.update(at: id) { $0 = .control }
      }
      return kinds
    }
    guard description.tokenTypes.count == count else {
      throw .wrongTokenTypeCount(expected: count, got: description.tokenTypes.count)
    }
    var kinds: [TokenKind] = []
    kinds.reserveCapacity(description.tokens.count)
    for (id, type) in description.tokenTypes.enumerated() {
      guard let kind = TokenKind(rawValue: type) else { throw .unknownTokenType(id: id, type: type) }
      kinds.append(kind)
    }
    return kinds
  }

  /// Those that are used must be of tokens; padding and the unknown token are only told.
  static func checkIDs(_ description: TokenizerDescription) throws(TokenizerError) {
    let ids = [
      ("bosID", description.bosID), ("eosID", description.eosID), ("endOfTurnID", description.endOfTurnID),
      ("endOfMessageID", description.endOfMessageID),
    ]
    for case (let key, let id?) in ids where !description.tokens.indices.contains(id) {
      throw .specialIDOutOfRange(key: key, id: id, count: description.tokens.count)
    }
  }
}
