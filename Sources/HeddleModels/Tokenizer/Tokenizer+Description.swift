extension Tokenizer {
  // Traps: never, `ends` are ids of the description's tokens, of which there is a kind each.
  /// The kind of each token. Those of `ends` are control tokens, whatever the file calls them. Without types in the file,
  /// so are the tokens that open and close a sequence.
  static func kinds(
    _ description: TokenizerDescription, ends: Set<Int>
  ) throws(TokenizerError) -> [TokenKind] {
    var kinds = try declaredKinds(description)
    for id in ends { kinds[id] = .control }
    return kinds
  }

  private static func declaredKinds(_ description: TokenizerDescription) throws(TokenizerError) -> [TokenKind] {
    let count = description.tokens.count
    guard count > 0 else { throw .emptyVocabulary }
    guard !description.tokenTypes.isEmpty else {
      // Traps: never, one for each token of the file.
      var kinds = [TokenKind](repeating: .normal, count: count)
      for case let id? in [description.bosID, description.eosID, description.endOfTurnID, description.endOfMessageID] {
        // Traps: never, `checkIDs` came first.
        kinds[id] = .control
      }
      return kinds
    }
    guard description.tokenTypes.count == count else {
      throw .wrongTokenTypeCount(expected: count, got: description.tokenTypes.count)
    }
    var kinds: [TokenKind] = []
    // Traps: never, one for each token of the file.
    kinds.reserveCapacity(count)
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
