import Testing

@testable import HeddleModels

@Suite struct TokenizerErrorTests {
  private func expect(_ error: TokenizerError, _ change: (inout TokenizerDescription) -> Void) {
    #expect(throws: error) { try Synthetic.tokenizer(change) }
    #expect(!error.description.isEmpty)
  }

  @Test func wrongDescriptionsAreNamed() {
    let count = Synthetic.description.tokens.count
    expect(.unsupportedModel("wordlevel")) { $0.model = "wordlevel" }
    expect(.wrongScoreCount(expected: count, got: 0)) { $0.model = "llama" }
    expect(.wrongScoreCount(expected: count, got: 1)) { ($0.model, $0.scores) = ("t5", [1]) }
    for map in [[1], [0, 0, 0, 0], [4, 0, 0, 0, 1, 2, 3], [4, 0, 0, 0, 1, 2, 3, 4], [4, 0, 0, 0, 1, 2, 3, 4, 5]] {
      expect(.malformedCharacterMap(bytes: map.count)) {
        ($0.model, $0.scores, $0.charactersMap) = ("t5", $0.tokens.map { _ in 0 }, map.map { UInt8($0) })
      }
    }
    expect(.unsupportedPretokenizer("loom")) { $0.pretokenizer = "loom" }
    expect(.emptyVocabulary) { ($0.tokens, $0.bosID, $0.eosID) = ([], nil, nil) }
    expect(.missingMerges) { $0.merges = [] }
    expect(.wrongTokenTypeCount(expected: count, got: 1)) { $0.tokenTypes = [1] }
    expect(.unknownTokenType(id: 3, type: 9)) { $0.tokenTypes[3] = 9 }
    expect(.specialIDOutOfRange(key: "eosID", id: -1, count: count)) { $0.eosID = -1 }
    expect(.specialIDOutOfRange(key: "separatorID", id: -1, count: count)) { $0.separatorID = -1 }
    expect(.specialIDOutOfRange(key: "endIDs", id: count, count: count)) { $0.endIDs = [0, count] }
    expect(.specialIDOutOfRange(key: "bosID", id: count, count: count)) { ($0.bosID, $0.tokenTypes) = (count, []) }
    for text in ["", " ", "a", "a ", " a", "a b c", "a  b"] {
      expect(.malformedMerge(index: 0, text: text)) { $0.merges = [text] }
    }
    expect(.mergeOfUnknownToken(index: 1, text: "x y")) { $0.merges = ["h e", "x y"] }
    expect(.mergeOfUnknownToken(index: 0, text: "漢 字")) { $0.merges = ["漢 字"] }
  }

  @Test func idsThatNothingUsesMayBeAnything() throws {
    for id in [-1, Synthetic.description.tokens.count, .max] {
      let tokenizer = try Synthetic.tokenizer { ($0.unknownID, $0.paddingID) = (id, id) }
      #expect(tokenizer.unknownID == nil && tokenizer.paddingID == nil)
    }
  }

  @Test func idsOutsideTheVocabulary() throws {
    let tokenizer = try Synthetic.tokenizer()
    for id in [-1, tokenizer.count, .max, .min] {
      let error = TokenizerError.idOutOfRange(id, count: tokenizer.count)
      #expect(throws: error) { try tokenizer.decode([id], skipSpecial: false) }
      #expect(throws: error) { try tokenizer.kind(of: id) }
      var decoder = tokenizer.makeDecoder(skipSpecial: false)
      #expect(throws: error) { try decoder.append(id) }
    }
  }

  @Test func emptyAndEqualTokensAreHarmless() throws {
    let tokenizer = try Synthetic.tokenizer {
      $0.tokens += ["", "", "hello", "<|a|>"]
      $0.tokenTypes += [1, 3, 1, 3]
    }
    #expect(
      tokenizer.encode("hello<|a|>", parseSpecial: true)
        == [Synthetic.merge("hell o"), Synthetic.special("<|a|>")])
    #expect(try tokenizer.decode([tokenizer.count - 3, tokenizer.count - 2], skipSpecial: false) == "hello")
  }
}
