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
      for case let id? in [
        description.bosID, description.eosID, description.endOfTurnID, description.endOfMessageID,
        description.separatorID,
      ] + description.endIDs.map(Optional.some) {
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

  /// These must be of tokens where they are given. Of padding and the unknown token `completed` takes what is none away.
  static func checkIDs(_ description: TokenizerDescription) throws(TokenizerError) {
    let ids =
      [
        ("bosID", description.bosID), ("eosID", description.eosID), ("endOfTurnID", description.endOfTurnID),
        ("endOfMessageID", description.endOfMessageID), ("separatorID", description.separatorID),
      ] + description.endIDs.map { ("endIDs", $0) }
    for case (let key, let id?) in ids where !description.tokens.indices.contains(id) {
      throw .specialIDOutOfRange(key: key, id: id, count: description.tokens.count)
    }
  }

  /// The description with what its algorithm says where the file does not: special tokens, as far as they are there.
  static func completed(_ description: TokenizerDescription, _ model: TokenizerModel) -> TokenizerDescription {
    func known(_ id: Int?) -> Int? { id.flatMap { description.tokens.indices.contains($0) ? $0 : nil } }
    var result = description
    result.bosID = description.bosID ?? known(model.specialIDs.bos)
    result.eosID = description.eosID ?? known(model.specialIDs.eos)
    result.separatorID = description.separatorID ?? known(model.specialIDs.separator)
    result.unknownID = known(description.unknownID) ?? known(model.specialIDs.unknown)
    result.paddingID = known(description.paddingID)
    return result
  }

  /// The tokens as they are decoded: without the mark of genetic sequences.
  static func spelledTokens(_ description: TokenizerDescription, _ model: TokenizerModel) -> [String] {
    guard model == .geneticBytePairs,
      let other = description.tokens.firstIndex(where: { $0.utf8.elementsEqual("<oov>".utf8) })
    else { return description.tokens }
    return description.tokens.enumerated().map { id, token in
      id > other ? token.without(suffix: GeneticEncoder.mark) ?? token : token
    }
  }

  /// The algorithm of a description.
  static func encoder(
    _ description: TokenizerDescription, _ model: TokenizerModel, _ pretokenizer: Pretokenizer, _ vocabulary: Vocabulary
  ) throws(TokenizerError) -> any TextEncoder {
    func merges() throws(TokenizerError) -> MergeTable {
      try MergeTable(description.merges, vocabulary, spelling: model.spelling(pretokenizer))
    }
    func normalizer() throws(TokenizerError) -> SentencePieceNormalizer {
      SentencePieceNormalizer(
        characters: description.charactersMap.isEmpty ? nil : try CharacterMap(description.charactersMap),
        addsSpace: description.addSpacePrefix ?? model.addsSpacePrefix,
        removesExtraSpaces: description.removeExtraWhitespaces ?? false)
    }
    func scores() throws(TokenizerError) -> [Float] {
      guard description.scores.count == vocabulary.count else {
        throw .wrongScoreCount(expected: vocabulary.count, got: description.scores.count)
      }
      return description.scores
    }
    func pairs(isMarked: Bool) throws(TokenizerError) -> any TextEncoder {
      isMarked
        ? CharacterPairEncoder(vocabulary, pretokenizer, merges: try merges(), unknownID: description.unknownID)
        : BytePairEncoder(vocabulary, pretokenizer, merges: try merges())
    }
    let isMarked = pretokenizer.traits.contains(.markedSpaces)
    switch model {
    case .spacedBytePairs:
      return SpacedEncoder(try pairs(isMarked: isMarked), lowers: description.lowercase ?? false)
    case .geneticBytePairs:
      return GeneticEncoder(try pairs(isMarked: isMarked), vocabulary, tokens: description.tokens)
    case .bytePairs: return try pairs(isMarked: isMarked)
    case .markedBytePairs: return try pairs(isMarked: true)
    case .sentencePiece:
      return SentencePieceEncoder(
        vocabulary, scores: try scores(), unknownID: description.unknownID, normalizer: try normalizer())
    case .unigram:
      return UnigramEncoder(
        vocabulary, scores: try scores(), unknownID: description.unknownID, normalizer: try normalizer())
    case .wordPiece: return WordPieceEncoder(vocabulary, description)
    case .rwkv: return LongestMatchEncoder(vocabulary)
    case .plamo: return PlamoEncoder(vocabulary, scores: try scores())
    }
  }
}
