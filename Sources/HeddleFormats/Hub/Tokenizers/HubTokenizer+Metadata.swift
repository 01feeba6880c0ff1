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
    for (name, object) in [(ModelFolderError.configName, config), ("generation_config.json", generation)] {
      try requireEnds(of: object, path: files.path(of: name))
    }
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

  /// Refuses ends of an answer none of which is a token: without them it would not end.
  private func requireEnds(of object: NameTable<JSONValue>, path: String) throws(ModelFolderError) {
    let key = "eos_token_id"
    guard let value = object[key], !value.isNull else { return }
    let range = 0...max(0, table.kinds.count &- 1)
    let ids = value.array ?? [value]
    for id in ids where id.integer == nil {
      throw .config(path: path, .wrongType(key: key, expected: "an id or an array of ids", found: id.description))
    }
    guard ids.isEmpty || ids.contains(where: { $0.integer.map(range.contains) ?? false }) else {
      throw .config(path: path, .outOfRange(key: key, value: value.description, range: range))
    }
  }

  /// The templates of a folder by their names: of `chat_template.jinja`, `chat_template.json` or the tokenizer's settings,
  /// whichever is there first.
  private static func chatTemplates(
    _ files: FolderFiles, _ settings: NameTable<JSONValue>
  ) throws(ModelFolderError) -> [(name: String, template: String)] {
    if let text = try files.text("chat_template.jinja") { return [("default", text)] }
    let own = try files.object("chat_template.json")?["chat_template"]
    let value = own ?? settings["chat_template"]
    if let text = value?.string { return [("default", text)] }
    if let own, own.array == nil, !own.isNull {
      throw .config(
        path: files.path(of: "chat_template.json"),
        .wrongType(key: "chat_template", expected: "a string", found: own.description))
    }
    return (value?.array ?? []).compactMap { entry in
      guard let name = entry["name"]?.string, let template = entry["template"]?.string else { return nil }
      return (name, template)
    }
  }
}
