extension HubFamily {
  private static let norms: [HubTensorRule] = [
    .init("model.layers.*.post_attention_layernorm", "post_attention_norm"),
    .init("model.layers.*.post_feedforward_layernorm", "post_ffw_norm"),
  ]

  private static let olmoTensors =
    HubTensorRule.embedding + HubTensorRule.attention + HubTensorRule.headNorms + norms + HubTensorRule.gated

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
    guard model.config.has("layer_types") else { throw model.config.error(.missingKey("layer_types")) }
    try model.window(pattern: true)
  }
}

extension HubDescription {
  fileprivate mutating func describeOlmo() throws(ModelFolderError) {
    try sizes()
    try feedForward()
    try rootMeanSquare()
    try rotary(headLength: headLength())
    try activation("silu")
    _ = config.value("attention_bias")
  }
}
