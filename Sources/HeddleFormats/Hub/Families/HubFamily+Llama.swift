extension HubFamily {
  /// LLaMA 1 to 3.3 and what is saved as such.
  static let llama = HubFamily(
    models: ["LlamaForCausalLM", "LLaMAForCausalLM"], architecture: "llama", turnsNeighbours: true,
    tensors: HubTensorRule.llama
  ) { model throws(ModelFolderError) in
    try model.describeLlama()
  }

  /// Mistral: a llama that may see only so many positions back.
  static let mistral = HubFamily(
    models: ["MistralForCausalLM"], architecture: "llama", turnsNeighbours: true, tensors: HubTensorRule.llama
  ) { model throws(ModelFolderError) in
    try model.describeLlama()
    try model.window()
  }

  /// Mixtral: a Mistral whose layers have experts.
  static let mixtral = HubFamily(
    models: ["MixtralForCausalLM"], architecture: "llama", turnsNeighbours: true,
    tensors: HubTensorRule.llama + HubTensorRule.experts + [
      .init("model.layers.*.block_sparse_moe.gate", "ffn_gate_inp"),
      .init("model.layers.*.block_sparse_moe.experts.*.w1", "ffn_gate_exps", .stacked),
      .init("model.layers.*.block_sparse_moe.experts.*.w3", "ffn_up_exps", .stacked),
      .init("model.layers.*.block_sparse_moe.experts.*.w2", "ffn_down_exps", .stacked),
    ]
  ) { model throws(ModelFolderError) in
    try model.describeLlama()
    try model.window()
    try model.experts(count: "num_local_experts")
  }

  /// SmolLM 3: a llama of which every fourth layer turns nothing.
  static let smollm3 = HubFamily(
    models: ["SmolLM3ForCausalLM"], architecture: "smollm3", turnsNeighbours: true, isTied: true,
    tensors: HubTensorRule.llama
  ) { model throws(ModelFolderError) in
    if !model.config.has("rope_theta"), !model.config.has("rope_parameters") {
      model.set("rope.freq_base", 2_000_000.0)
    }
    try model.describeLlama()
    try model.window(isUsed: model.config.bool("use_sliding_window", default: false))
    _ = model.config.value("max_window_layers")
    let interval = try model.config.integer("no_rope_layer_interval", default: 4)
    guard interval == 4 else { throw model.config.unsupported("no_rope_layer_interval", interval, "4") }
    guard model.config.has("no_rope_layers") else { return }
    let turned = try model.config.numbers("no_rope_layers")
    let expected = (0..<max(0, model.layerCount)).map { ($0 &+ 1) % 4 == 0 ? 0.0 : 1.0 }
    guard turned == expected else {
      throw model.config.unsupported("no_rope_layers", "\(turned)", "0 for every fourth layer, else 1")
    }
  }

  /// Granite: a llama with factors for embedding, attention, residuals and logits.
  static let granite = HubFamily(
    models: ["GraniteForCausalLM"], architecture: "granite", turnsNeighbours: true, tensors: HubTensorRule.llama
  ) { model throws(ModelFolderError) in
    try model.describeLlama()
    try model.copyNumber("attention_multiplier", to: "attention.scale")
    try model.copyNumber("embedding_multiplier", to: "embedding_scale")
    try model.copyNumber("residual_multiplier", to: "residual_scale")
    try model.copyNumber("logits_scaling", to: "logit_scale")
  }

  /// Arcee's foundation models: a llama with a feed-forward without a gate, with the square of ReLU.
  static let arcee = HubFamily(
    models: ["ArceeForCausalLM"], architecture: "arcee", turnsNeighbours: true,
    tensors: HubTensorRule.embedding + HubTensorRule.norms + HubTensorRule.attention + HubTensorRule.plain
  ) { model throws(ModelFolderError) in
    try model.describeLlama(activation: "relu2")
  }
}

extension HubDescription {
  /// What llama and its kin have: norms by root mean square, whole heads that turn, a feed-forward that is gated with SiLU.
  fileprivate mutating func describeLlama(activation name: String = "silu") throws(ModelFolderError) {
    try sizes()
    try feedForward()
    try rootMeanSquare()
    let length = try headLength()
    try rotary(headLength: length)
    set("rope.dimension_count", length)
    try copy("vocab_size", to: "vocab_size")
    try activation(name)
    try config.require("rope_interleaved", is: false)
    // The tensors say so.
    _ = config.value("attention_bias")
    _ = config.value("mlp_bias")
  }
}
