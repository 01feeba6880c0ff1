import HeddleText

/// A `tokenizer.json` as Hugging Face's tokenizers write it: its model's lists as they are, all else as JSON.
struct TokenizerJSON {
  /// `type` of the model; of old files, which do not say it, what its fields are of.
  private(set) var kind = ""
  /// Of the models that have ids: each token with its own.
  private(set) var vocabulary: [(token: String, id: Int)] = []
  /// Of Unigram: each token with its score, by id.
  private(set) var pieces: [(token: String, score: Float)] = []
  /// The tokens that are merged, the earlier the stronger.
  private(set) var merges: [(left: String, right: String)] = []
  /// The other fields of the model.
  private(set) var options: NameTable<JSONValue> = [:]
  /// The fields beside the model.
  private(set) var fields: NameTable<JSONValue> = [:]

  /// Tokens and merges: four times those of the largest vocabularies.
  static let maximumCount = 1 << 21

  init(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
    var scanner = JSONScanner(bytes)
    var members = JSONScanner.Members()
    var hasModel = false
    while let (key, _) = try scanner.nextKey(&members) {
      if key == "model" {
        hasModel = true
        try readModel(&scanner)
      } else {
        fields[key] = try scanner.value()
      }
    }
    scanner.skipWhitespace()
    try scanner.end()
    guard hasModel else { throw scanner.error(.missingField("model", of: "the tokenizer"), at: 0) }
    kind = options["type"]?.string ?? (pieces.isEmpty ? merges.isEmpty ? "WordPiece" : "BPE" : "Unigram")
  }

  private mutating func readModel(_ scanner: inout JSONScanner) throws(JSONError) {
    var members = JSONScanner.Members()
    while let (key, _) = try scanner.nextKey(&members) {
      switch key {
      case "vocab" where scanner.peek == UInt8(ascii: "["):
        pieces = try scanner.array("tokens", limit: Self.maximumCount, Self.piece)
      case "vocab": try readVocabulary(&scanner)
      case "merges" where scanner.peek == UInt8(ascii: "["):
        merges = try scanner.array("merges", limit: Self.maximumCount, Self.merge)
      default: options[key] = try scanner.value()
      }
    }
  }

  private mutating func readVocabulary(_ scanner: inout JSONScanner) throws(JSONError) {
    var members = JSONScanner.Members()
    while let (token, start) = try scanner.nextKey(&members) {
      guard vocabulary.count < Self.maximumCount else {
        throw scanner.error(.limitExceeded(what: "tokens", limit: Self.maximumCount), at: start)
      }
      vocabulary.append((token, try scanner.integer(Int.self, atLeast: 0)))
    }
  }

  /// `["token", -3.5]`
  private static func piece(_ scanner: inout JSONScanner) throws(JSONError) -> (token: String, score: Float) {
    var members = JSONScanner.Members()
    guard try scanner.nextElement(&members) else { throw scanner.unexpected("a token") }
    let token = try scanner.string("a token")
    guard try scanner.nextElement(&members) else { throw scanner.unexpected("a score") }
    let score = try scanner.number().value
    guard try !scanner.nextElement(&members) else { throw scanner.unexpected("']'") }
    return (token, Float(score))
  }

  /// `["left", "right"]`, or of older files `"left right"`, whose right side is empty where there is no space.
  private static func merge(_ scanner: inout JSONScanner) throws(JSONError) -> (left: String, right: String) {
    guard scanner.peek == UInt8(ascii: "[") else {
      let start = scanner.offset
      let text = try scanner.string("a merge")
      let parts = text.split(separator: " ", omittingEmptySubsequences: false)
      guard parts.count == 2, let left = parts.first, let right = parts.last else {
        throw scanner.error(.unexpected(found: quoted(text), expected: "two tokens with a space between"), at: start)
      }
      return (String(left), String(right))
    }
    var members = JSONScanner.Members()
    guard try scanner.nextElement(&members) else { throw scanner.unexpected("a token") }
    let left = try scanner.string("a token")
    guard try scanner.nextElement(&members) else { throw scanner.unexpected("another token") }
    let right = try scanner.string("a token")
    guard try !scanner.nextElement(&members) else { throw scanner.unexpected("']'") }
    return (left, right)
  }

  /// `left right`. Spaces in a token are U+0120, as byte-level tokens have them.
  var spelledMerges: [String] { merges.map { "\(Self.spelled($0.left)) \(Self.spelled($0.right))" } }

  private static func spelled(_ token: String) -> String {
    guard token.utf8.contains(UInt8(ascii: " ")) else { return token }
    return String(String.UnicodeScalarView(token.unicodeScalars.map { $0 == " " ? "\u{120}" : $0 }))
  }

  /// `added_tokens`, by id.
  func addedTokens() throws(HubTokenizerDefect) -> [AddedToken] {
    guard let value = fields["added_tokens"], !value.isNull else { return [] }
    guard let array = value.array else {
      throw .wrongType(field: "added_tokens", expected: "an array", found: value.description)
    }
    var tokens: [AddedToken] = []
    for entry in array {
      guard let id = entry["id"]?.integer, id >= 0, let content = entry["content"]?.string else {
        throw .wrongType(
          field: "added_tokens", expected: "objects with 'id' and 'content'", found: "without them")
      }
      tokens.append(AddedToken(id: id, content: content, isSpecial: entry["special"]?.bool ?? false))
    }
    return tokens.sorted { $0.id < $1.id }
  }
}

/// A token that is found in text before anything is cut.
struct AddedToken: Hashable, Sendable {
  let id: Int
  let content: String
  /// Whether it is no text, but says something of it.
  let isSpecial: Bool
}
