extension Tokenizer {
  /// The kind of each token. Without types in the file, the tokens that open and close a sequence are control tokens.
  static func kinds(_ description: TokenizerDescription) throws(TokenizerError) -> [TokenKind] {
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

  static func checkIDs(_ description: TokenizerDescription) throws(TokenizerError) {
    let ids = [
      ("bosID", description.bosID), ("eosID", description.eosID), ("endOfTurnID", description.endOfTurnID),
      ("endOfMessageID", description.endOfMessageID), ("unknownID", description.unknownID),
      ("paddingID", description.paddingID),
    ]
    for case (let key, let id?) in ids where !description.tokens.indices.contains(id) {
      throw .specialIDOutOfRange(key: key, id: id, count: description.tokens.count)
    }
  }
}
