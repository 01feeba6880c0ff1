import HeddleText

extension HubTokenizer {
  /// Writes the tokenizer and the chat template of a folder into the metadata of its model.
  ///
  /// - Parameter config: `config.json`.
  func write(
    to metadata: inout GGUFMetadata, _ files: FolderFiles, config: NameTable<JSONValue>
  ) throws(ModelFolderError) {
    let settings = try files.object("tokenizer_config.json") ?? [:]
    let map = try files.object("special_tokens_map.json") ?? [:]
    let generation = try files.object("generation_config.json") ?? [:]
    let special: SpecialTokens
    do { special = try SpecialTokens(self, settings: [settings, map], models: [config, generation]) } catch {
      throw .tokenizer(path: files.path(of: "tokenizer.json"), error)
    }
    func set(_ name: String, _ value: GGUFValue) { metadata.set("tokenizer.ggml.\(name)", value) }
    set("model", .string(model))
    set("pre", .string(pretokenizer))
    set("tokens", .array(.string(table.tokens)))
    if hasScores { set("scores", .array(.float32(table.scores))) }
    set("token_type", .array(.int32(table.kinds)))
    if !merges.isEmpty { set("merges", .array(.string(merges))) }
    for (name, value) in special.entries + entries { set(name, value) }
    if special.hasMoreEnds {
      metadata.set(SpecialTokens.endsKey, .array(.uint32(special.ends.map { UInt32(clamping: $0) })))
    }
    for (name, template) in try Self.chatTemplates(files, settings) {
      metadata.set(name == "default" ? "tokenizer.chat_template" : "tokenizer.chat_template.\(name)", .string(template))
    }
  }

  /// The templates of a folder by their names: of `chat_template.jinja`, `chat_template.json` or the tokenizer's settings,
  /// whichever is there first.
  private static func chatTemplates(
    _ files: FolderFiles, _ settings: NameTable<JSONValue>
  ) throws(ModelFolderError) -> [(name: String, template: String)] {
    if let text = try files.text("chat_template.jinja") { return [("default", text)] }
    let value = try files.object("chat_template.json")?["chat_template"] ?? settings["chat_template"]
    if let text = value?.string { return [("default", text)] }
    return (value?.array ?? []).compactMap { entry in
      guard let name = entry["name"]?.string, let template = entry["template"]?.string else { return nil }
      return (name, template)
    }
  }
}
