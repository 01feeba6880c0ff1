import HeddleText

extension HubFamily {
  /// Phi 1, 1.5 and 2: attention and feed-forward side by side behind one layer norm.
  static let phi = HubFamily(
    models: ["PhiForCausalLM"], architecture: "phi2",
    tensors: HubTensorRule.embedding + HubTensorRule.attention + [
      .init("model.final_layernorm", "output_norm"), .init("model.layers.*.input_layernorm", "attn_norm"),
      .init("model.layers.*.self_attn.dense", "attn_output"), .init("model.layers.*.mlp.fc1", "ffn_up"),
      .init("model.layers.*.mlp.fc2", "ffn_down"),
    ]
  ) { model throws(ModelFolderError) in
    try model.sizes()
    try model.feedForward()
    try model.layerNorm("layer_norm_eps")
    try model.partialRotary(headLength: model.widthOfHeads(), default: 0.5)
    try model.activation("gelu_new")
    try model.config.require("qk_layernorm", is: false)
  }

  /// Phi 3 and 4: a llama whose projections are fused, queries with keys and values, gate with up.
  static let phi3 = HubFamily(
    models: ["Phi3ForCausalLM"], architecture: "phi3",
    tensors: HubTensorRule.embedding + HubTensorRule.norms + [
      .init("model.layers.*.self_attn.qkv_proj", "attn_qkv"), .init("model.layers.*.self_attn.o_proj", "attn_output"),
      .init("model.layers.*.mlp.gate_up_proj", "ffn_up"), .init("model.layers.*.mlp.down_proj", "ffn_down"),
    ]
  ) { model throws(ModelFolderError) in
    try model.sizes()
    try model.feedForward()
    try model.rootMeanSquare()
    try model.activation("silu")
    for key in ["full_attn_mod", "interpolate_factor"] { try model.config.require(key, is: 1) }
    // The tensors say so.
    for key in ["attention_bias", "mlp_bias", "lm_head_bias"] { _ = model.config.value(key) }
    let window = try model.config.optionalInteger("sliding_window")
    model.set("attention.sliding_window", window ?? 0)
    try model.phi3Rotary()
  }
}

extension HubDescription {
  /// Rotary dimensions, and `longrope`: factors for short and for long texts, and one for attention.
  ///
  /// - Source: Ding et al., *LongRoPE*, 2024.
  fileprivate mutating func phi3Rotary() throws(ModelFolderError) {
    let rotary = try readRotary()
    let length = try widthOfHeads()
    let turned = Int(exactly: ((rotary.partial ?? 1) * Double(width)).rounded(.down)) ?? width
    let dimensions = turned.divided(by: heads.queries)
    set("rope.dimension_count", dimensions)
    set("rope.freq_base", rotary.base ?? 10_000)
    let context = try config.integer("max_position_embeddings")
    let declared = try config.optionalInteger("original_max_position_embeddings")
    let original = rotary.original ?? declared ?? context
    set("rope.scaling.original_context_length", original)
    guard rotary.type == "longrope", var scaling = rotary.scaling else {
      try scale(rotary, headLength: length)
      return
    }
    for (key, name) in [("long_factor", "rope_factors_long.weight"), ("short_factor", "rope_factors_short.weight")] {
      let factors = try scaling.numbers(key)
      guard factors.count &* 2 == dimensions else {
        throw scaling.invalid(key, "\(factors.count) factors", "\(dimensions / 2) are needed")
      }
      add(name, factors.map { Float($0) })
    }
    set("rope.scaling.attn_factor", try longropeAttention(&scaling, Double(context), Double(original)))
    try scaling.refuseUnread(["factor", "original_max_position_embeddings"])
  }

  /// `√(1 + ln(context / original) / ln(original))`, or what the configuration says.
  private func longropeAttention(
    _ scaling: inout HubConfig, _ context: Double, _ original: Double
  ) throws(ModelFolderError) -> Double {
    if let factor = try scaling.optionalNumber("attention_factor") { return factor }
    let scale = context / original
    return scale > 1 && original > 1
      ? (1 + ElementaryFunctions.logarithm(scale) / ElementaryFunctions.logarithm(original)).squareRoot() : 1
  }
}
