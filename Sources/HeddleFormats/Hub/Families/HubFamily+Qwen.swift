extension HubFamily {
  /// Qwen 1.5, 2 and 2.5.
  static let qwen2 = HubFamily(
    models: ["Qwen2ForCausalLM"], architecture: "qwen2", tensors: HubTensorRule.llama
  ) { model throws(ModelFolderError) in
    try model.describeQwen()
  }

  /// Qwen 3, dense.
  static let qwen3 = HubFamily(
    models: ["Qwen3ForCausalLM"], architecture: "qwen3", tensors: HubTensorRule.llama + HubTensorRule.headNorms
  ) { model throws(ModelFolderError) in
    try model.describeQwen(headLength: 128)
    _ = model.config.value("attention_bias")
  }
}

extension HubFamily {
  /// Qwen 1.5 and 2 of experts, beside one that all tokens share.
  static let qwen2moe = HubFamily(
    models: ["Qwen2MoeForCausalLM"], architecture: "qwen2moe",
    tensors: HubTensorRule.llama + HubTensorRule.experts + [
      .init("model.layers.*.mlp.shared_expert.gate_proj", "ffn_gate_shexp"),
      .init("model.layers.*.mlp.shared_expert.up_proj", "ffn_up_shexp"),
      .init("model.layers.*.mlp.shared_expert.down_proj", "ffn_down_shexp"),
      .init("model.layers.*.mlp.shared_expert_gate", "ffn_gate_inp_shexp"),
    ]
  ) { model throws(ModelFolderError) in
    try model.describeQwen()
    try model.experts()
    try model.expertNorm(default: false, inFiles: false)
    try model.requireExpertsInAllLayers()
    try model.copy("shared_expert_intermediate_size", to: "expert_shared_feed_forward_length", in: 1...HubConfig.width)
    try model.config.require("qkv_bias", is: true)
  }

  /// Qwen 3 of experts.
  static let qwen3moe = HubFamily(
    models: ["Qwen3MoeForCausalLM"], architecture: "qwen3moe",
    tensors: HubTensorRule.llama + HubTensorRule.headNorms + HubTensorRule.experts
  ) { model throws(ModelFolderError) in
    try model.describeQwen(headLength: 128)
    try model.experts()
    try model.expertNorm(default: false, inFiles: true)
    try model.requireExpertsInAllLayers()
    try model.config.require("attention_bias", is: false)
  }
}

extension HubDescription {
  /// - Parameter headLength: where the configuration does not say it.
  fileprivate mutating func describeQwen(headLength length: Int? = nil) throws(ModelFolderError) {
    try sizes()
    try feedForward()
    try rootMeanSquare()
    try rotary(headLength: headLength(default: length))
    try activation("silu")
    try config.require("use_mrope", is: false)
    let isLocal = try config.bool("use_sliding_window", default: false)
    let first = try config.integer("max_window_layers", in: 0...HubConfig.sizes.upperBound, default: layerCount)
    // The first layers see everything; so do all where there are no more.
    if isLocal, first < layerCount, !config.has("layer_types") {
      throw config.unsupported("use_sliding_window", true, "'layer_types' that say which layers have it")
    }
    try window(isUsed: isLocal && first < layerCount)
  }
}
