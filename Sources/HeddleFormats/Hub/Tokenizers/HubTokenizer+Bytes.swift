import HeddleText

extension HubTokenizer {
  /// Byte-level merges: `gpt2`.
  init(bytes json: TokenizerJSON, _ steps: TextSteps, count: Int) throws(HubTokenizerDefect) {
    self.init(model: "gpt2", table: try TokenTable(count: count))
    for option in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let text = json.options[option]?.string, !text.isEmpty {
        throw .unsupportedOption(option, value: quoted(text), supported: "none")
      }
    }
    let composes = steps.normalizers.elementsEqual(["NFC"])
    guard composes || steps.normalizers.isEmpty else {
      throw .unknownNormalizer(steps.normalizers.joined(separator: ", "))
    }
    let takesWholeWords = json.options["ignore_merges"]?.bool ?? false
    guard let name = PretokenizerNames.name(of: steps.cuts, composes: composes, takesWholeWords: takesWholeWords) else {
      let whole = takesWholeWords ? ", words that are tokens taken whole" : ""
      throw .unknownPretokenizer(steps.cuts.isEmpty ? "none" : steps.cuts.joined(separator: ", ") + whole)
    }
    pretokenizer = name
    entries.append(("normalizer.nfc", .bool(composes)))
    for (token, id) in json.vocabulary { try table.add(token, id: id, kind: TokenKinds.normal) }
    merges = json.spelledMerges
    for token in try json.addedTokens() {
      let isSign = token.isSpecial || TokenKinds.looksSpecial(token.content)
      table.set(token.content, id: token.id, kind: isSign ? TokenKinds.control : TokenKinds.userDefined, score: 0)
    }
  }
}
