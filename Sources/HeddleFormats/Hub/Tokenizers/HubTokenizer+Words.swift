import HeddleText

extension HubTokenizer {
  /// Words and what may follow within them: `bert`. What begins a word is marked by U+2581, and `##` before the others
  /// goes.
  init(words json: TokenizerJSON, _ steps: TextSteps, count: Int) throws(HubTokenizerDefect) {
    self.init(model: "bert", table: try TokenTable(count: count))
    guard steps.normalizers.elementsEqual(["BertNormalizer"]) else {
      throw .unknownNormalizer(steps.normalizers.joined(separator: ", "))
    }
    guard steps.cuts.elementsEqual(["BertPreTokenizer"]) else {
      throw .unknownPretokenizer(steps.cuts.joined(separator: ", "))
    }
    let prefix = json.options["continuing_subword_prefix"]?.string ?? "##"
    guard prefix.hasSameBytes(as: "##") else {
      throw .unsupportedOption("continuing_subword_prefix", value: quoted(prefix), supported: "'##'")
    }
    let added = try json.addedTokens()
    let signs = NameSet(added.filter(\.isSpecial).map(\.content))
    for (token, id) in json.vocabulary {
      let text = signs.contains(token) ? token : token.without(prefix: "##") ?? "\u{2581}" + token
      try table.add(text, id: id, kind: signs.contains(token) ? TokenKinds.control : TokenKinds.normal)
    }
    for token in added where !token.isSpecial || table[token.id] == nil {
      table.set(
        token.content, id: token.id, kind: token.isSpecial ? TokenKinds.control : TokenKinds.userDefined, score: 0)
    }
    let normalizer = json.fields["normalizer"]
    let lowercase = normalizer?["lowercase"]?.bool ?? true
    entries.append(("normalizer.lowercase", .bool(lowercase)))
    entries.append(("normalizer.strip_accents", .bool(normalizer?["strip_accents"]?.bool ?? lowercase)))
  }
}
