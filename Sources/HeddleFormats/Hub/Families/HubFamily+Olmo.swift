extension HubFamily {
  /// OLMo 1 and 1.7: a llama whose layer norms have no weights; queries, keys and values may be clamped.
  static let olmo = HubFamily(
    models: ["OlmoForCausalLM"], architecture: "olmo", turnsNeighbours: true,
    tensors: HubTensorRule.embedding + HubTensorRule.attention + HubTensorRule.gated
  ) { model throws(ModelFolderError) in
    try model.sizes()
    try model.feedForward()
    model.set("attention.layer_norm_epsilon", 1e-5)
    model.clamp(try model.config.optionalPositive("clip_qkv"))
    try model.rotary(headLength: model.widthOfHeads())
    try model.activation("silu")
    try model.config.require("attention_bias", is: false)
  }

  private static let olmoTensors =
    HubTensorRule.embedding + HubTensorRule.attention + HubTensorRule.headNorms + HubTensorRule.normsAfter
    + HubTensorRule.gated

  /// OLMo 2: norms behind attention and feed-forward, and of all queries and keys together.
  static let olmo2 = HubFamily(
    models: ["Olmo2ForCausalLM"], architecture: "olmo2", tensors: olmoTensors
  ) { model throws(ModelFolderError) in
    try model.describeOlmo()
  }

  /// OLMo 3: an OLMo 2 of which three of four layers see only so many positions back.
  static let olmo3 = HubFamily(
    models: ["Olmo3ForCausalLM"], architecture: "olmo2", tensors: olmoTensors
  ) { model throws(ModelFolderError) in
    try model.describeOlmo()
    if let base = try model.localBase() { model.set("rope.freq_base_swa", base) }
    guard model.config.has("layer_types") else { throw model.config.error(.missingKey("layer_types")) }
    try model.window(pattern: true)
  }
}

extension HubFamily {
  /// OLMoE: norms before attention and experts, and of all queries and keys together.
  static let olmoe = HubFamily(
    models: ["OlmoeForCausalLM"], architecture: "olmoe",
    tensors: HubTensorRule.embedding + HubTensorRule.norms + HubTensorRule.attention + HubTensorRule.headNorms
      + HubTensorRule.experts
  ) { model throws(ModelFolderError) in
    try model.describeOlmo()
    try model.experts()
    try model.expertNorm(default: false, inFiles: false)
    if let limit = try model.config.optionalNumber("clip_qkv") { model.set("attention.clamp_kqv", limit) }
  }
}

extension HubDescription {
  fileprivate mutating func describeOlmo() throws(ModelFolderError) {
    try sizes()
    try feedForward()
    try rootMeanSquare()
    try rotary(headLength: headLength(), of: "full_attention")
    try activation("silu")
    _ = config.value("attention_bias")
  }
}
