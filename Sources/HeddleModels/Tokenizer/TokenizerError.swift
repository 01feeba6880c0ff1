import HeddleText

/// What can be wrong with a tokenizer's description, or with ids given to it.
public enum TokenizerError: Error, Hashable, Sendable {
  case unsupportedModel(String)
  case unsupportedPretokenizer(String)
  case emptyVocabulary
  case vocabularyTooLarge(tokens: Int, bytes: Int)
  case wrongTokenTypeCount(expected: Int, got: Int)
  case unknownTokenType(id: Int, type: Int)
  case wrongScoreCount(expected: Int, got: Int)
  case malformedCharacterMap(bytes: Int)
  case missingMerges
  case malformedMerge(index: Int, text: String)
  /// A merge names a token, as one of its halves or as its result, that the vocabulary lacks.
  case mergeOfUnknownToken(index: Int, text: String)
  /// `key` is the description's field, such as `bosID`.
  case specialIDOutOfRange(key: String, id: Int, count: Int)
  case idOutOfRange(Int, count: Int)
}

extension TokenizerError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .unsupportedModel(let name):
      "the tokenizer model '\(name)' is not supported yet; these are: "
        + ModelSupport.tokenizers.map { "'\($0.name)' (\($0.algorithm))" }.joined(separator: ", ")
    case .unsupportedPretokenizer(let name):
      "the pretokenizer '\(name)' is not supported; these are: \(Pretokenizer.names.joined(separator: ", "))"
    case .emptyVocabulary: "the vocabulary has no tokens"
    case .vocabularyTooLarge(let tokens, let bytes): "a vocabulary of \(tokens) tokens in \(bytes) bytes is too large"
    case .wrongTokenTypeCount(let expected, let got): "\(expected) tokens have \(got) token types"
    case .unknownTokenType(let id, let type): "token \(id) has the unknown type \(type)"
    case .wrongScoreCount(let expected, let got): "\(expected) tokens have \(got) scores"
    case .malformedCharacterMap(let bytes): "the map of characters, \(bytes) bytes, has parts that do not fit into it"
    case .missingMerges: "a BPE tokenizer needs merges, the file has none"
    case .malformedMerge(let index, let text): "merge \(index), '\(text)', is not two tokens with a space between"
    case .mergeOfUnknownToken(let index, let text):
      "merge \(index), '\(text)', names or makes a token that is not in the vocabulary"
    case .specialIDOutOfRange(let key, let id, let count): "\(key) is \(id), the vocabulary has \(count) tokens"
    case .idOutOfRange(let id, let count): "the token id \(id) is outside the vocabulary of \(count) tokens"
    }
  }
}

extension TokenizerError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .unsupportedModel, .unsupportedPretokenizer: .unsupported
    case .emptyVocabulary, .vocabularyTooLarge, .wrongTokenTypeCount, .unknownTokenType, .wrongScoreCount,
      .malformedCharacterMap, .missingMerges,
      .malformedMerge, .mergeOfUnknownToken, .specialIDOutOfRange:
      .invalidFile
    case .idOutOfRange: .invalidArgument
    }
  }
}
