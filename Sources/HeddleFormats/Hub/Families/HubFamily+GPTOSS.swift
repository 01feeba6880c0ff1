import HeddleText

extension HubFamily {
  /// gpt-oss: every other layer has a window, heads have sinks, all matrices biases. Experts are one tensor a layer, gates and what
  /// they gate by turns: in MXFP4 as published, or in floats.
  static let gptOSS = HubFamily(
    models: ["GptOssForCausalLM"], architecture: "gpt-oss", isTied: false,
    tensors: HubTensorRule.embedding + HubTensorRule.attention + [
      .init("model.layers.*.self_attn.sinks", "attn_sinks.weight"),
      .init("model.layers.*.input_layernorm", "attn_norm"),
      .init("model.layers.*.post_attention_layernorm", "post_attention_norm"),
      .init("model.layers.*.mlp.router", "ffn_gate_inp"),
    ] + expertTensors("gate_up_proj", "ffn_gate_exps", byTurnsWith: "ffn_up_exps")
      + expertTensors("down_proj", "ffn_down_exps")
  ) { model throws(ModelFolderError) in
    try model.sizes()
    try model.feedForward()
    try model.rootMeanSquare(default: 1e-5)
    try model.rotary(headLength: model.headLength())
    try model.activation("silu")
    try model.config.require("swiglu_limit", is: 7)
    try model.config.require("swiglu_alpha", is: 1.702)
    try model.config.require("attention_bias", is: true)
    try model.copy("sliding_window", to: "attention.sliding_window")
    try model.localLayers(period: 2)
    try model.experts(count: "num_local_experts")
    try model.copy("intermediate_size", to: "expert_feed_forward_length", in: 1...HubConfig.width)
    // Other names for what is read.
    for key in ["experts_per_token", "initial_context_length"] { _ = model.config.value(key) }
  }

  private static func expertTensors(_ stem: String, _ name: String, byTurnsWith other: String? = nil) -> [HubTensorRule]
  {
    let stem = "model.layers.*.mlp.experts.\(stem)"
    let (weight, others) = (name + ".weight", other.map { $0 + ".weight" })
    return [
      .init(stem, weight, byTurnsWith: others, .expertsByInputs),
      .init(stem + "_blocks", weight, byTurnsWith: others, .expertBlocks),
      .init(stem + "_scales", "", .left),
      .init(stem + "_bias", name + ".bias", byTurnsWith: other.map { $0 + ".bias" }, .expertVectors),
    ]
  }
}
