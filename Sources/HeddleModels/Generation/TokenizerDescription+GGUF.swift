import HeddleFormats

extension TokenizerDescription {
  /// What a file's metadata says about its tokenizer.
  ///
  /// - Throws: ``ModelError/file(_:)`` for a key that is missing, of a wrong type or out of range.
  public init(_ metadata: GGUFMetadata) throws(ModelError) {
    self = try ModelError.reading { () throws(GGUFError) in try Self.read(metadata) }
  }

  private static func read(_ metadata: GGUFMetadata) throws(GGUFError) -> TokenizerDescription {
    func id(_ name: String) throws(GGUFError) -> Int? {
      let key = "tokenizer.ggml.\(name)_token_id"
      return metadata[key] == nil ? nil : try metadata.integer(key, in: 0...Int(UInt32.max))
    }
    func flag(_ name: String) throws(GGUFError) -> Bool? {
      let key = "tokenizer.ggml.\(name)"
      return metadata[key] == nil ? nil : try metadata.bool(key)
    }
    let template = "tokenizer.chat_template"
    return TokenizerDescription(
      model: try metadata.string("tokenizer.ggml.model"),
      pretokenizer: try metadata.string("tokenizer.ggml.pre", default: "default"),
      tokens: try metadata.strings("tokenizer.ggml.tokens"),
      merges: try metadata.strings("tokenizer.ggml.merges", default: []),
      tokenTypes: try metadata.integers("tokenizer.ggml.token_type", default: []),
      bosID: try id("bos"), eosID: try id("eos"), endOfTurnID: try id("eot"), endOfMessageID: try id("eom"),
      unknownID: try id("unknown"), paddingID: try id("padding"), addBOS: try flag("add_bos_token"),
      addEOS: try flag("add_eos_token"), chatTemplate: metadata[template] == nil ? nil : try metadata.string(template))
  }
}
