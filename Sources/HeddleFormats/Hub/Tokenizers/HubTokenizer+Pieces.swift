import HeddleText

extension TextSteps {
  private static let mark = "Replace ' ' by '▁'"

  /// Whether spaces become U+2581, as SentencePiece has them.
  var marksSpaces: Bool {
    normalizers.contains { $0.hasSameBytes(as: Self.mark) } || cuts.contains { $0.hasPrefix("Metaspace") }
  }

  /// Whether a space is put before a text; nil for steps that do more than to mark spaces.
  var hasSpacePrefix: Bool? {
    func are(_ lines: [String], _ expected: [String]) -> Bool {
      lines.elementsEqual(expected, by: { $0.hasSameBytes(as: $1) })
    }
    // Nothing is cut there: all spaces have become marks.
    let isUncut = cuts.isEmpty || are(cuts, ["Split ' ' MergedWithPrevious"])
    if isUncut, are(normalizers, ["Prepend '▁'", Self.mark]) { return true }
    if isUncut, are(normalizers, [Self.mark]) { return false }
    guard normalizers.isEmpty, cuts.count == 1, let cut = cuts.first else { return nil }
    switch cut {
    case "Metaspace '▁' first", "Metaspace '▁' always": return true
    case "Metaspace '▁' never": return false
    default: return nil
    }
  }
}

extension HubTokenizer {
  /// SentencePiece's merges with bytes to fall back to: `llama`.
  ///
  /// Scores are those of `tokenizer.model`, if that is there; else the earlier a merge makes a token, the greater its
  /// score, which gives the same merges.
  init(
    marked json: TokenizerJSON, _ steps: TextSteps, _ pieces: SentencePieces?, count: Int
  ) throws(HubTokenizerDefect) {
    self.init(model: "llama", table: try TokenTable(count: count))
    guard let hasPrefix = steps.hasSpacePrefix else {
      throw .unknownPretokenizer((steps.normalizers + steps.cuts).joined(separator: ", "))
    }
    hasScores = true
    var scores: NameTable<Float> = [:]
    for (place, pair) in json.merges.enumerated() {
      let token = pair.left + pair.right
      if scores[token] == nil { scores[token] = -Float(place) }
    }
    let last = -Float(json.merges.count)
    let fallback = json.options["byte_fallback"]?.bool ?? false
    let unknown = json.options["unk_token"]?.string
    for (token, id) in json.vocabulary {
      let isUnknown = unknown.map { $0.hasSameBytes(as: token) } ?? false
      let kind =
        isUnknown
        ? TokenKinds.unknown : fallback && TokenKinds.isByte(token) ? TokenKinds.byte : TokenKinds.normal
      let score = pieces?.score(of: token, at: id) ?? scores[token] ?? last
      try table.add(token, id: id, kind: kind, score: isUnknown || kind == TokenKinds.byte ? 0 : score)
    }
    try add(json.addedTokens(), unknown: unknown)
    entries.append(("add_space_prefix", .bool(hasPrefix)))
  }

  /// `tokenizer.model` alone.
  init(_ pieces: SentencePieces, added: [AddedToken], count: Int) throws(HubTokenizerDefect) {
    self.init(model: pieces.isUnigram ? "t5" : "llama", table: try TokenTable(count: count))
    hasScores = true
    var unknown: String?
    for (id, piece) in pieces.pieces.enumerated() {
      try table.add(piece.text, id: id, kind: piece.kind, score: piece.score)
      if piece.kind == TokenKinds.unknown { unknown = piece.text }
    }
    add(added, unknown: unknown)
    entries.append(("add_space_prefix", .bool(pieces.addsPrefix)))
    if pieces.isUnigram || pieces.removesSpaces {
      entries.append(("remove_extra_whitespaces", .bool(pieces.removesSpaces)))
    }
    if !pieces.charactersMap.isEmpty {
      entries.append(("precompiled_charsmap", .array(.uint8(pieces.charactersMap))))
    }
    beginsByDefault = !pieces.isUnigram
  }

  /// Unigram, the likeliest tokens of a text: `t5`.
  init(unigram json: TokenizerJSON, _ steps: TextSteps, count: Int) throws(HubTokenizerDefect) {
    self.init(model: "t5", table: try TokenTable(count: count))
    hasScores = true
    let unknown = json.options["unk_id"]?.integer
    let fallback = json.options["byte_fallback"]?.bool ?? false
    for (id, piece) in json.pieces.enumerated() {
      let kind =
        id == unknown
        ? TokenKinds.unknown : fallback && TokenKinds.isByte(piece.token) ? TokenKinds.byte : TokenKinds.normal
      try table.add(piece.token, id: id, kind: kind, score: piece.score)
    }
    add(try json.addedTokens(), unknown: unknown.flatMap { json.pieces[at: $0]?.token })
    entries += try UnigramSteps(json, steps).entries
  }

  /// Tokens that are found before anything is cut. The unknown one stays what it is.
  private mutating func add(_ tokens: [AddedToken], unknown: String?) {
    for token in tokens where !(unknown.map { $0.hasSameBytes(as: token.content) } ?? false) {
      let isSign = token.isSpecial || TokenKinds.looksSpecial(token.content)
      // Their spaces are those of the text.
      let text = isSign ? token.content : token.content.withSpaces
      table.set(text, id: token.id, kind: isSign ? TokenKinds.control : TokenKinds.userDefined, score: -1000)
    }
  }
}

extension String {
  /// The text with a space for every U+2581.
  fileprivate var withSpaces: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\u{2581}" ? " " : $0 }))
  }
}
