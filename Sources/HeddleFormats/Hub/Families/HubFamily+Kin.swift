extension HubFamily {
  /// GLM 4, dense: norms around, a part of each head turns, gate and up are one.
  static let glm4 = HubFamily(
    models: ["Glm4ForCausalLM"], architecture: "glm4",
    tensors: HubTensorRule.embedding + HubTensorRule.attention + [
      .init("model.layers.*.input_layernorm", "attn_norm"),
      .init("model.layers.*.post_self_attn_layernorm", "post_attention_norm"),
      .init("model.layers.*.post_attention_layernorm", "ffn_norm"),
      .init("model.layers.*.post_mlp_layernorm", "post_ffw_norm"),
      .init("model.layers.*.mlp.gate_up_proj", "ffn_up"), .init("model.layers.*.mlp.down_proj", "ffn_down"),
    ]
  ) { model throws(ModelFolderError) in
    try model.describeKin()
    try model.partialRotary(headLength: model.headLength(default: 128), default: 0.5)
    _ = model.config.value("attention_bias")
  }

  /// ERNIE 4.5, dense: a llama whose heads turn as neighbours.
  static let ernie45 = HubFamily(
    models: ["Ernie4_5ForCausalLM", "Ernie4_5_ForCausalLM"], architecture: "ernie4_5", isTied: true,
    tensors: HubTensorRule.llama
  ) { model throws(ModelFolderError) in
    try model.describeKin()
    try model.rotary(headLength: model.headLength(default: 128))
    try model.config.require("compression_ratio", is: 1)
    // The tensors say so.
    _ = model.config.value("use_bias")
  }

  /// Seed-OSS: a Qwen 2 whose second norm has another name.
  static let seedOSS = HubFamily(
    models: ["SeedOssForCausalLM"], architecture: "seed_oss",
    tensors: HubTensorRule.embedding + HubTensorRule.attention + [
      .init("model.layers.*.input_layernorm", "attn_norm"),
      .init("model.layers.*.post_attention_layernorm", "post_attention_norm"),
    ] + HubTensorRule.gated
  ) { model throws(ModelFolderError) in
    try model.describeKin()
    try model.rotary(headLength: model.headLength(default: 128))
    try model.config.require("mlp_bias", is: false)
    // The tensors say so.
    for key in ["attention_bias", "attention_out_bias"] { _ = model.config.value(key) }
  }
}

extension HubDescription {
  fileprivate mutating func describeKin() throws(ModelFolderError) {
    try sizes()
    try feedForward()
    try rootMeanSquare()
    try activation("silu")
  }
}
