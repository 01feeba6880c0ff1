import HeddleText
import HeddleTypes

/// A model as a hub keeps it, in a folder: configuration, weights and tokenizer, read as a GGUF file of the same model.
///
/// | file | what is read of it |
/// |---|---|
/// | `config.json` | the family, sizes and all else that says what is computed |
/// | `model.safetensors`, or `model.safetensors.index.json` with its shards | weights |
/// | `tokenizer.json`, `tokenizer.model` | tokens, and the rules that cut text into them; one of them must be there |
/// | `tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json` | which tokens mean what |
/// | `generation_config.json` | tokens that end an answer |
/// | `chat_template.jinja`, `chat_template.json` | how a conversation is laid out |
///
/// Tensors have the names, shapes and order of rows that they have in a GGUF file, but for Wq and Wk of families whose
/// files have the pairs of a head that turn together as neighbours: they stay as they are, and the metadata say so by
/// ``RotaryPairing/key``. Matrices stay in the file's pages; vectors are made float32, as GGUF files have them.
struct ModelFolder {
  let path: String
  let metadata: GGUFMetadata
  let checkpoint: SafetensorsCheckpoint
  let parts: [ModelPart]

  init(path: String, storage: FileStorage = .mapped) throws(ModelFolderError) {
    self.path = path
    let files = FolderFiles(path: path)
    guard let config = try files.object(ModelFolderError.configName) else {
      throw .missingFile(folder: path, oneOf: [ModelFolderError.configName])
    }
    let configPath = files.path(of: ModelFolderError.configName)
    let family = try Self.family(config, configPath)
    let merged = Self.merged(config)
    var model = HubDescription(HubConfig(merged, path: configPath), architecture: family.architecture)
    try family.describe(&model)
    let scheme = try HubQuantization(&model.config)
    let tie = try model.config.has("tie_word_embeddings") ? model.config.bool("tie_word_embeddings") : family.isTied
    let declared = try model.config.optionalInteger("vocab_size")
    try model.config.refuseUnread(HubConfig.harmless)

    var options = SafetensorsReadOptions(storage: storage)
    options.followsLinksOfHubCache = true
    do { checkpoint = try SafetensorsCheckpoint(path: path, options: options) } catch {
      if case .symbolicLink(let path) = error { throw .symbolicLink(path: path) }
      throw .checkpoint(error)
    }
    var reader = HubTensorReader(family, model, checkpoint, scheme: scheme.scheme, isTied: tie)
    parts = try reader.read()
    let rows = reader.vocabularySize
    if let declared, declared != rows {
      throw model.config.invalid("vocab_size", declared, "the embedding has \(rows) rows")
    }

    var metadata = model.metadata
    if let type = reader.fileType { metadata.set("general.file_type", .uint32(type)) }
    if family.turnsNeighbours { metadata.set(RotaryPairing.key, .string(RotaryPairing.halves)) }
    try HubTokenizer.read(files, count: rows).write(to: &metadata, files, config: merged)
    self.metadata = metadata
  }

  /// The family that `architectures` names.
  private static func family(_ config: NameTable<JSONValue>, _ path: String) throws(ModelFolderError) -> HubFamily {
    guard let architectures = config["architectures"]?.array, let model = architectures.first?.string else {
      throw .config(path: path, .missingKey("architectures"))
    }
    guard let family = HubFamily.all.first(where: { $0.models.contains { $0.hasSameBytes(as: model) } }) else {
      throw .unsupportedFamily(path: path, found: model, supported: HubFamily.all.compactMap(\.models.first))
    }
    return family
  }

  /// The configuration with that of the text model, where a model has others too, in its place.
  private static func merged(_ config: NameTable<JSONValue>) -> NameTable<JSONValue> {
    guard let text = config["text_config"]?.object else { return config }
    var merged = config
    merged["text_config"] = nil
    for (key, value) in text { merged[key] = value }
    return merged
  }
}
