import HeddleText

/// What is wrong with the tokenizer of a model folder, or not to be had.
public enum HubTokenizerDefect: Error, Hashable, Sendable {
  case missingField(String)
  case wrongType(field: String, expected: String, found: String)
  /// The kind of model that cuts words into tokens.
  case unsupportedModel(String, supported: [String])
  /// The steps before, written out: nobody has a name for them.
  case unknownPretokenizer(String)
  case unknownNormalizer(String)
  case unsupportedOption(String, value: String, supported: String)
  /// The token has an id for which the embedding has no row.
  case idOutOfRange(token: String, id: Int, count: Int)
  case duplicateID(Int, String, and: String)
  /// The embedding has so many rows.
  case tooManyTokens(Int, limit: Int)
  case malformedCharacterMap
  /// The protocol buffer of SentencePiece; `offset` is in bytes from its beginning.
  case malformedPieces(offset: Int)
}

extension HubTokenizerDefect: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .missingField(let field): "there is no \(quoted(field))"
    case .wrongType(let field, let expected, let found): "\(quoted(field)) is \(found); it must be \(expected)"
    case .unsupportedModel(let model, let supported):
      "the tokenizer is a \(quoted(model)); these can be read: \(supported.joined(separator: ", "))"
    case .unknownPretokenizer(let steps): "text is cut into words by rules that are not known: \(steps)"
    case .unknownNormalizer(let steps): "text is normalized in a way that is not known: \(steps)"
    case .unsupportedOption(let option, let value, let supported):
      "\(quoted(option)) is \(value); supported: \(supported)"
    case .idOutOfRange(let token, let id, let count):
      "token \(quoted(token)) has the id \(id), and the embedding has \(count) rows"
    case .duplicateID(let id, let first, let second):
      "the id \(id) is that of two tokens, \(quoted(first)) and \(quoted(second))"
    case .tooManyTokens(let count, let limit): "the embedding has \(count) rows, more than the limit of \(limit)"
    case .malformedCharacterMap: "'precompiled_charsmap' is no text in base64"
    case .malformedPieces(let offset): "is no model of SentencePiece (at offset \(offset))"
    }
  }
}

extension HubTokenizerDefect: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .unsupportedModel, .unknownPretokenizer, .unknownNormalizer, .unsupportedOption: .unsupported
    default: .invalidFile
    }
  }
}
