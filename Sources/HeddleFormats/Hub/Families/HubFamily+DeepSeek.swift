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
    try model.describeDeepSeek3()
  }

  /// DeepSeek V3.2: V3, whose tokens see the keys that an indexer chooses.
  static let deepSeek32 = HubFamily(
    models: ["DeepseekV32ForCausalLM"], architecture: "deepseek32", isTied: false, leavesLaterLayers: true,
    tensors: deepSeekTensors + [
      .init("model.layers.*.self_attn.indexer.wq_b", "indexer.attn_q_b"),
      .init("model.layers.*.self_attn.indexer.wk", "indexer.attn_k"),
      .init("model.layers.*.self_attn.indexer.k_norm", "indexer.k_norm"),
      .init("model.layers.*.self_attn.indexer.weights_proj", "indexer.proj"),
    ]
  ) { model throws(ModelFolderError) in
    try model.describeDeepSeek3()
    try model.indexer()
    try model.kindsOfLayers()
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

  /// What V3 and V3.2 have in common.
  fileprivate mutating func describeDeepSeek3() throws(ModelFolderError) {
    try describeDeepSeek(scores: "sigmoid")
    try config.require("topk_method", oneOf: ["noaux_tc"])
    try expertGroups()
    if try config.bool("norm_topk_prob", default: true) { set("expert_weights_norm", .bool(true)) }
    try config.require("rope_interleave", is: true)
    _ = config.value("num_nextn_predict_layers")
  }

  /// Heads of the indexer, whose queries are made of those of a rank, and how many keys it chooses.
  fileprivate mutating func indexer() throws(ModelFolderError) {
    _ = try config.integer("q_lora_rank", in: 1...HubConfig.width)
    try copy("index_n_heads", to: "attention.indexer.head_count", in: 1...HubConfig.headLength)
    let length = try copy("index_head_dim", to: "attention.indexer.key_length", in: 1...HubConfig.headLength)
    let turned = try config.integer("qk_rope_head_dim", in: 1...HubConfig.headLength)
    guard turned <= length else {
      throw config.invalid("index_head_dim", length, "\(turned) values of a key are turned")
    }
    try copy("index_topk", to: "attention.indexer.top_k")
  }

  /// Refuses layers of other kinds than counts say: where transformers lists them, its list is what it computes.
  fileprivate mutating func kindsOfLayers() throws(ModelFolderError) {
    let dense = try config.integer("first_k_dense_replace", in: 0...HubConfig.layers, default: 0)
    func require(_ key: String, _ kind: (Int) -> String, _ wanted: String) throws(ModelFolderError) {
      guard let kinds = try config.strings(key) else { return }
      guard kinds.elementsEqual((0..<max(0, layerCount)).map(kind), by: { $0.hasSameBytes(as: $1) }) else {
        throw config.unsupported(key, "\(kinds.count) kinds", wanted)
      }
    }
    try require("layer_types", { _ in "indexed_attention" }, "'indexed_attention' for each layer")
    try require(
      "mlp_layer_types", { $0 < dense ? "dense" : "sparse" },
      "'dense' for as many layers as 'first_k_dense_replace' says, \(dense), then 'sparse'")
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
