import HeddleText

extension HubFamily {
  private static let cohereTensors: [HubTensorRule] =
    HubTensorRule.embedding + [.init("model.layers.*.input_layernorm", "attn_norm")] + HubTensorRule.attention
    + HubTensorRule.headNorms + HubTensorRule.gated

  /// Command R: attention and feed-forward side by side behind one layer norm, scaled logits, maybe a norm for each head.
  static let commandR = HubFamily(
    models: ["CohereForCausalLM"], architecture: "command-r", isTied: true, tensors: cohereTensors
  ) { model throws(ModelFolderError) in
    // Some say 8192, and what they were trained for elsewhere.
    let context = model.config.has("model_max_length") ? "model_max_length" : "max_position_embeddings"
    _ = model.config.value("max_position_embeddings")
    try model.describeCohere(context: context)
    try model.rotary(headLength: model.widthOfHeads())
    // The tensors say so.
    _ = model.config.value("use_qk_norm")
  }

  /// Command A and R7B: three of four layers see only so many positions back, and the fourth turns nothing.
  static let cohere2 = HubFamily(
    models: ["Cohere2ForCausalLM"], architecture: "cohere2", isTied: true, tensors: cohereTensors
  ) { model throws(ModelFolderError) in
    try model.describeCohere(context: "max_position_embeddings")
    let length = try model.headLength()
    try model.rotary(headLength: length)
    model.set("rope.dimension_count", length)
    try model.copy("vocab_size", to: "vocab_size")
    try model.localLayers(period: 4)
    for key in ["sliding_window_pattern", "_sliding_window_pattern", "layer_switch"] {
      try model.config.require(key, is: 4)
    }
    try model.copy("sliding_window", to: "attention.sliding_window", default: 4096)
    try model.config.require("order_of_interleaved_layers", oneOf: ["local_attn_first"])
    try model.config.require("position_embedding_type", oneOf: ["rope_gptj"])
    try model.config.require("cache_implementation", oneOf: ["hybrid"])
    for key in ["use_embedding_sharing", "use_gated_activation", "use_parallel_block"] {
      try model.config.require(key, is: true)
    }
    // How the embedding is spread over devices.
    _ = model.config.value("use_parallel_embedding")
  }
}

extension HubDescription {
  fileprivate mutating func describeCohere(context: String) throws(ModelFolderError) {
    try sizes(context: context)
    try feedForward()
    try layerNorm("layer_norm_eps")
    set("logit_scale", try config.number("logit_scale", default: 0.0625))
    set("rope.scaling.type", .string("none"))
    try activation("silu")
    try config.require("attention_bias", is: false)
  }
}
