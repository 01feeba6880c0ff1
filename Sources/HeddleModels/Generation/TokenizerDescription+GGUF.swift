import HeddleFormats

extension TokenizerDescription {
  /// What a file's metadata says about its tokenizer.
  ///
  /// - Throws: ``ModelError/file(_:)`` for a key that is missing, of a wrong type or out of range: ids that are used must
  ///   be of tokens that there are.
  public init(_ metadata: GGUFMetadata) throws(ModelError) {
    self = try ModelError.reading { () throws(GGUFError) in try Self.read(metadata) }
  }

  private static func read(_ metadata: GGUFMetadata) throws(GGUFError) -> TokenizerDescription {
    let tokens = try metadata.strings("tokenizer.ggml.tokens")
    let ids = 0...max(tokens.count - 1, 0)
    func id(_ name: String) throws(GGUFError) -> Int? {
      let key = "tokenizer.ggml.\(name)_token_id"
      return metadata[key] == nil ? nil : try metadata.integer(key, in: ids)
    }
    // One that is no token is none, as other tools have it. For unknown text there may be a default, and nothing depends
    // on padding.
    func lenient(_ name: String) -> Int? { try? id(name) }
    func flag(_ name: String) throws(GGUFError) -> Bool? {
      let key = "tokenizer.ggml.\(name)"
      return metadata[key] == nil ? nil : try metadata.bool(key)
    }
    let template = "tokenizer.chat_template"
    let model = try metadata.string("tokenizer.ggml.model")
    // It closes every sequence of WordPiece; others have no use for it.
    let isSeparated = TokenizerModel(rawValue: model) == .wordPiece
    var description = TokenizerDescription(
      model: model,
      pretokenizer: try metadata.string("tokenizer.ggml.pre", default: "default"),
      tokens: tokens,
      merges: try metadata.strings("tokenizer.ggml.merges", default: []),
      scores: try scores(metadata),
      tokenTypes: try metadata.integers("tokenizer.ggml.token_type", default: []),
      bosID: try id("bos"), eosID: try id("eos"), endOfTurnID: try id("eot"), endOfMessageID: try id("eom"),
      endIDs: try metadata.integers(SpecialTokens.endsKey, in: ids, default: []),
      separatorID: isSeparated ? try id("seperator") : lenient("seperator"),
      unknownID: lenient("unknown"), paddingID: lenient("padding"),
      addBOS: try flag("add_bos_token"), addEOS: try flag("add_eos_token"),
      addSpacePrefix: try flag("add_space_prefix"), removeExtraWhitespaces: try flag("remove_extra_whitespaces"),
      charactersMap: try charactersMap(metadata), lowercase: try flag("normalizer.lowercase"),
      stripAccents: try flag("normalizer.strip_accents"), normalizesToNFC: try flag("normalizer.nfc"),
      chatTemplate: metadata[template] == nil ? nil : try metadata.string(template))
    // Names that are no text say nothing.
    let name = try? metadata.string("general.name", default: "")
    let architecture = try? metadata.string("general.architecture", default: "")
    description.spaceTakers = SpaceTakers(description, model: name ?? "", architecture: architecture ?? "")
    return description
  }

  /// Floats, or the integers that some files have for them.
  private static func scores(_ metadata: GGUFMetadata) throws(GGUFError) -> [Float] {
    let key = "tokenizer.ggml.scores"
    if case .array(.int32(let values)) = metadata[key] { return values.map(Float.init) }
    return try metadata.floats(key, default: []).map { Float($0) }
  }

  /// Bytes, which some files have as signed ones.
  private static func charactersMap(_ metadata: GGUFMetadata) throws(GGUFError) -> [UInt8] {
    let key = "tokenizer.ggml.precompiled_charsmap"
    if case .array(.uint8(let values)) = metadata[key] { return values }
    return try metadata.integers(key, in: -128...255, default: []).map { UInt8(truncatingIfNeeded: $0) }
  }
}
