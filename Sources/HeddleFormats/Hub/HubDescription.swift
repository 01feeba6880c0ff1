import HeddleText

/// What a family reads of a model folder's configuration, and the metadata that it makes of it: those that a GGUF file of
/// the same model has.
struct HubDescription {
  var config: HubConfig
  private(set) var metadata: GGUFMetadata
  /// `general.architecture`, and what most keys begin with.
  let architecture: String
  /// Tensors that are computed from the configuration.
  private(set) var computed: [ModelPart] = []
  /// Query heads, and heads of keys and values.
  private(set) var heads = (queries: 0, keys: 0)
  /// Of heads that are made of latents: values of a key that do not turn, and of a value.
  var latentHead = (plain: 0, values: 0)
  private(set) var width = 0
  private(set) var layerCount = 0

  init(_ config: HubConfig, architecture: String) {
    self.config = config
    self.architecture = architecture
    metadata = GGUFMetadata(path: config.path)
    metadata.set("general.architecture", .string(architecture))
  }

  mutating func set(_ name: String, _ value: GGUFValue) { metadata.set("\(architecture).\(name)", value) }
  mutating func set(_ name: String, _ value: Int) { set(name, .uint32(UInt32(clamping: value))) }
  mutating func set(_ name: String, _ value: Double) { set(name, .float32(Float(value))) }

  /// A vector that is computed from the configuration.
  mutating func add(_ name: String, _ values: [Float]) {
    let bytes = values.withUnsafeBytes { Array($0) }
    computed.append(ModelPart(name, .float32, [values.count], byteCount: bytes.count) { bytes })
  }

  /// Sets a metadata entry to the value of a key.
  ///
  /// - Returns: the value.
  @discardableResult
  mutating func copy(
    _ key: String, to name: String, in range: ClosedRange<Int> = HubConfig.sizes, default fallback: Int? = nil
  ) throws(ModelFolderError) -> Int {
    let value = try config.integer(key, in: range, default: fallback)
    set(name, value)
    return value
  }

  /// Sets a metadata entry to the value of a key, if that is there.
  mutating func copyNumber(_ key: String, to name: String) throws(ModelFolderError) {
    if let value = try config.optionalNumber(key) { set(name, value) }
  }

  /// Layers, context, width and heads, by the names that most families have for them.
  ///
  /// - Parameter keyHeads: the key for heads of keys and values; as many as of queries, if absent.
  mutating func sizes(
    layers: String = "num_hidden_layers", context: String = "max_position_embeddings", width: String = "hidden_size",
    heads: String = "num_attention_heads", keyHeads: String? = "num_key_value_heads",
    defaultContext: Int? = nil, defaultHeads: Int? = nil, defaultKeyHeads: Int? = nil
  ) throws(ModelFolderError) {
    layerCount = try config.integer(layers, in: 0...HubConfig.layers)
    set("block_count", layerCount)
    try copy(context, to: "context_length", default: defaultContext)
    self.width = try copy(width, to: "embedding_length", in: 1...HubConfig.width)
    let queries = try copy(heads, to: "attention.head_count", default: defaultHeads)
    var keys = queries
    if let keyHeads { keys = try copy(keyHeads, to: "attention.head_count_kv", default: defaultKeyHeads ?? queries) }
    guard queries.isMultiple(of: keys) else {
      throw config.invalid(keyHeads ?? heads, keys, "the \(queries) query heads are not a multiple of it")
    }
    self.heads = (queries, keys)
  }

  /// What the heads of keys and values are, where a family says it by more than a number.
  mutating func set(keyHeads: Int) {
    heads.keys = keyHeads
    set("attention.head_count_kv", keyHeads)
  }

  /// The width cut into heads.
  func widthOfHeads() throws(ModelFolderError) -> Int {
    guard heads.queries > 0, width.isMultiple(of: heads.queries) else {
      throw config.invalid("num_attention_heads", heads.queries, "the width of \(width) is not a multiple of it")
    }
    return width.divided(by: heads.queries)
  }

  /// `head_dim`, which is written if it is there; else the width cut into heads.
  mutating func headLength(default fallback: Int? = nil) throws(ModelFolderError) -> Int {
    let declared = config.has("head_dim") ? try config.integer("head_dim", in: 1...HubConfig.headLength) : nil
    guard let length = declared ?? fallback else { return try widthOfHeads() }
    set("attention.key_length", length)
    set("attention.value_length", length)
    return length
  }

  mutating func feedForward(_ key: String = "intermediate_size") throws(ModelFolderError) {
    try copy(key, to: "feed_forward_length")
  }

  mutating func rootMeanSquare(_ key: String = "rms_norm_eps", default fallback: Double? = nil) throws(ModelFolderError)
  {
    set("attention.layer_norm_rms_epsilon", try config.number(key, default: fallback))
  }

  mutating func layerNorm(_ key: String, default fallback: Double? = nil) throws(ModelFolderError) {
    set("attention.layer_norm_epsilon", try config.number(key, default: fallback))
  }

  /// The greatest magnitude of queries, keys and values, if there is one.
  mutating func clamp(_ limit: Double?) {
    if let limit { set("attention.clamp_kqv", limit) }
  }

  /// The function between the feed-forward products. Families have one each, which their metadata do not name.
  mutating func activation(_ name: String, key: String = "hidden_act") throws(ModelFolderError) {
    try config.require(key, oneOf: [name])
  }

  /// Positions that attention reaches back: `sliding_window`, if it is there and in use.
  ///
  /// - Parameter pattern: whether layer by layer is said which of them have it, where not all do.
  mutating func window(isUsed: Bool = true, pattern: Bool = false) throws(ModelFolderError) {
    let types = try config.strings("layer_types")
    // Without use it may be 0.
    if !isUsed { _ = config.value("sliding_window") }
    guard isUsed, let window = try config.optionalInteger("sliding_window") else {
      if types?.contains(where: { $0 != "full_attention" }) == true {
        throw config.unsupported("layer_types", "of other kinds than 'full_attention'", "full attention in all layers")
      }
      return
    }
    set("attention.sliding_window", window)
    guard let types else { return }
    let isLocal = types.map { $0 == "sliding_attention" }
    guard types.count == layerCount, zip(types, isLocal).allSatisfy({ $1 || $0 == "full_attention" }) else {
      throw config.unsupported(
        "layer_types", "\(types.count) kinds", "'sliding_attention' or 'full_attention' for each layer")
    }
    if pattern || isLocal.contains(false) { set("attention.sliding_window_pattern", .array(.bool(isLocal))) }
  }

  /// Refuses other layers with a window than all but the last of each period.
  mutating func localLayers(period: Int) throws(ModelFolderError) {
    guard let types = try config.strings("layer_types") else { return }
    let expected = (0..<max(0, layerCount)).map {
      ($0 &+ 1) % max(1, period) == 0 ? "full_attention" : "sliding_attention"
    }
    guard types.elementsEqual(expected, by: { $0.hasSameBytes(as: $1) }) else {
      throw config.unsupported(
        "layer_types", "another order", "'full_attention' for each layer of number \(period), else 'sliding_attention'")
    }
  }
}
