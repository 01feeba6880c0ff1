import HeddleText

extension HubFamily {
  private static let deepSeekTensors: [HubTensorRule] =
    HubTensorRule.embedding + HubTensorRule.norms + [
      .init("model.layers.*.self_attn.q_proj", "attn_q"), .init("model.layers.*.self_attn.q_a_proj", "attn_q_a"),
      .init("model.layers.*.self_attn.q_a_layernorm", "attn_q_a_norm"),
      .init("model.layers.*.self_attn.q_b_proj", "attn_q_b"),
      .init("model.layers.*.self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"),
      .init("model.layers.*.self_attn.kv_a_layernorm", "attn_kv_a_norm"),
      .init("model.layers.*.self_attn.kv_b_proj", "attn_kv_b", .ofLatents),
      .init("model.layers.*.self_attn.o_proj", "attn_output"),
      .init("model.layers.*.mlp.gate.e_score_correction_bias", "exp_probs_b.bias"),
    ] + HubTensorRule.gated + HubTensorRule.experts + [
      .init("model.layers.*.mlp.shared_experts.gate_proj", "ffn_gate_shexp"),
      .init("model.layers.*.mlp.shared_experts.up_proj", "ffn_up_shexp"),
      .init("model.layers.*.mlp.shared_experts.down_proj", "ffn_down_shexp"),
    ]

  /// DeepSeek V2 and V2 Lite: attention to latents, experts by softmax.
  static let deepSeek2 = HubFamily(
    models: ["DeepseekV2ForCausalLM"], architecture: "deepseek2", isTied: false, tensors: deepSeekTensors
  ) { model throws(ModelFolderError) in
    try model.describeDeepSeek(scores: "softmax")
    let method = try model.config.string("topk_method", default: "greedy")
    try model.config.require("topk_method", oneOf: ["greedy", "group_limited_greedy"])
    if !method.hasSameBytes(as: "group_limited_greedy") {
      for key in ["n_group", "topk_group"] { try model.config.require(key, is: 1) }
    }
    if model.config.has("n_group") { try model.expertGroups() }
    try model.config.require("norm_topk_prob", is: false)
  }

  /// DeepSeek V3 and R1: experts by sigmoids, chosen with a bias, in groups. Layers that predict tokens after the next are left.
  static let deepSeek3 = HubFamily(
    models: ["DeepseekV3ForCausalLM"], architecture: "deepseek2", isTied: false, leavesLaterLayers: true,
    tensors: deepSeekTensors
  ) { model throws(ModelFolderError) in
    try model.describeDeepSeek(scores: "sigmoid")
    try model.config.require("topk_method", oneOf: ["noaux_tc"])
    try model.expertGroups()
    if try model.config.bool("norm_topk_prob", default: true) { model.set("expert_weights_norm", .bool(true)) }
    try model.config.require("rope_interleave", is: true)
    _ = model.config.value("num_nextn_predict_layers")
  }
}

extension HubDescription {
  fileprivate mutating func describeDeepSeek(scores: String) throws(ModelFolderError) {
    try sizes()
    set(keyHeads: 1)
    try feedForward()
    try rootMeanSquare(default: 1e-6)
    try activation("silu")
    try copy("vocab_size", to: "vocab_size")
    for key in ["attention_bias", "mlp_bias"] { try config.require(key, is: false) }
    try latents()
    try copy("first_k_dense_replace", to: "leading_dense_block_count", in: 0...HubConfig.layers, default: 0)
    try config.require("moe_layer_freq", is: 1)
    try experts(count: "n_routed_experts")
    try copy("n_shared_experts", to: "expert_shared_count", in: 0...HubConfig.layers, default: 0)
    try copyNumber("routed_scaling_factor", to: "expert_weights_scale")
    try config.require("scoring_func", oneOf: [scores])
    set("expert_gating_func", scores.hasSameBytes(as: "sigmoid") ? 2 : 1)
    // Of training, or what other keys say.
    for key in ["ep_size", "aux_loss_alpha", "seq_aux", "head_dim", "qk_head_dim"] { _ = config.value(key) }
  }

  fileprivate mutating func expertGroups() throws(ModelFolderError) {
    try copy("n_group", to: "expert_group_count", default: 1)
    try copy("topk_group", to: "expert_group_used_count", default: 1)
  }

  /// Ranks and lengths of heads, and how a part of each turns.
  private mutating func latents() throws(ModelFolderError) {
    if config.has("q_lora_rank") { try copy("q_lora_rank", to: "attention.q_lora_rank") }
    let rank = try copy("kv_lora_rank", to: "attention.kv_lora_rank", in: 1...HubConfig.width)
    let plain = try config.integer("qk_nope_head_dim", in: 1...HubConfig.headLength)
    let turned = try copy("qk_rope_head_dim", to: "rope.dimension_count", in: 1...HubConfig.headLength)
    let values = try copy("v_head_dim", to: "attention.value_length_mla", in: 1...HubConfig.headLength)
    set("attention.key_length_mla", plain &+ turned)
    set("attention.key_length", rank &+ turned)
    set("attention.value_length", rank)
    latentHead = (plain, values)
    let rotary = try readRotary()
    if let base = rotary.base { set("rope.freq_base", base) }
    try scale(rotary, headLength: turned)
  }
}
