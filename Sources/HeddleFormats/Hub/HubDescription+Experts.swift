import HeddleText

extension HubDescription {
  /// How many experts there are, how many a token has, and their width, if that has a key of its own.
  mutating func experts(count: String = "num_experts") throws(ModelFolderError) {
    // Transformers 5 has its own name for it.
    try copy(
      config.has(count) ? count : "num_local_experts", to: "expert_count", in: 1...HubConfig.headLength)
    try copy("num_experts_per_tok", to: "expert_used_count", in: 1...HubConfig.headLength)
    if config.has("moe_intermediate_size") {
      try copy("moe_intermediate_size", to: "expert_feed_forward_length", in: 1...HubConfig.width)
    }
    // Of training.
    for key in ["output_router_logits", "router_jitter_noise"] { _ = config.value(key) }
  }

  /// Whether weights of experts are divided by their sum, written where it is not what files without the key have.
  mutating func expertNorm(default fallback: Bool, inFiles usual: Bool) throws(ModelFolderError) {
    let normalizes = try config.bool("norm_topk_prob", default: fallback)
    if normalizes != usual { set("expert_weights_norm", .bool(normalizes)) }
  }

  /// Refuses models some of whose layers have no experts.
  mutating func requireExpertsInAllLayers() throws(ModelFolderError) {
    try config.require("decoder_sparse_step", is: 1)
    guard config.has("mlp_only_layers") else { return }
    let layers = try config.numbers("mlp_only_layers")
    guard layers.isEmpty else { throw config.unsupported("mlp_only_layers", "\(layers)", "[]") }
  }
}

extension HubTensorRule {
  /// A router, and experts by number.
  static let experts: [HubTensorRule] = [
    .init("model.layers.*.mlp.gate", "ffn_gate_inp"),
    .init("model.layers.*.mlp.experts.*.gate_proj", "ffn_gate_exps", .stacked),
    .init("model.layers.*.mlp.experts.*.up_proj", "ffn_up_exps", .stacked),
    .init("model.layers.*.mlp.experts.*.down_proj", "ffn_down_exps", .stacked),
  ]
}
