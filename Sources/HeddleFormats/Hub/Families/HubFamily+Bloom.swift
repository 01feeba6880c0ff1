import HeddleText

extension HubFamily {
  /// BLOOM: nothing is turned, scores fall with distance; the embedding is normalized, biases everywhere.
  static let bloom = HubFamily(
    models: ["BloomForCausalLM"], architecture: "bloom", isTied: true, prefixes: [("transformer.", "")],
    tensors: [
      .init("word_embeddings", "token_embd"), .init("word_embeddings_layernorm", "token_embd_norm"),
      .init("ln_f", "output_norm"), .init("lm_head", "output"), .init("h.*.input_layernorm", "attn_norm"),
      .init("h.*.post_attention_layernorm", "ffn_norm"),
      .init("h.*.self_attention.query_key_value", "attn_qkv", .separated),
      .init("h.*.self_attention.dense", "attn_output"), .init("h.*.mlp.dense_h_to_4h", "ffn_up"),
      .init("h.*.mlp.dense_4h_to_h", "ffn_down"),
    ]
  ) { model throws(ModelFolderError) in
    let width = model.config.has("n_embed") ? "n_embed" : "hidden_size"
    let heads = model.config.has("num_attention_heads") ? "num_attention_heads" : "n_head"
    let layers = model.config.has("num_hidden_layers") ? "num_hidden_layers" : "n_layer"
    try model.sizes(
      layers: layers, context: "seq_length", width: width, heads: heads, keyHeads: nil, defaultContext: 2048)
    model.set(keyHeads: model.heads.queries)
    model.set("feed_forward_length", 4 &* model.width)
    try model.config.require("n_inner", is: Double(4 &* model.width))
    try model.layerNorm("layer_norm_epsilon", default: 1e-5)
    try model.config.require("apply_residual_connection_post_layernorm", is: false)
    // How the same numbers are computed.
    for key in [
      "slow_but_exact", "bias_dropout_fusion", "masked_softmax_fusion", "skip_bias_add", "skip_bias_add_qkv",
      "offset_alibi",
    ] {
      _ = model.config.value(key)
    }
  }

  /// MPT: nothing is turned, scores fall with distance, layer norms without biases; queries, keys and values may be clamped.
  static let mpt = HubFamily(
    models: ["MptForCausalLM", "MPTForCausalLM"], architecture: "mpt", isTied: true, prefixes: [("transformer.", "")],
    tensors: [
      .init("wte", "token_embd"), .init("norm_f", "output_norm"), .init("lm_head", "output"),
      .init("blocks.*.norm_1", "attn_norm"), .init("blocks.*.norm_2", "ffn_norm"),
      .init("blocks.*.attn.Wqkv", "attn_qkv"), .init("blocks.*.attn.out_proj", "attn_output"),
      .init("blocks.*.ffn.up_proj", "ffn_up"), .init("blocks.*.ffn.down_proj", "ffn_down"),
    ]
  ) { model throws(ModelFolderError) in
    try model.sizes(layers: "n_layers", context: "max_seq_len", width: "d_model", heads: "n_heads", keyHeads: nil)
    model.set("feed_forward_length", 4 &* model.width)
    try model.config.require("expansion_ratio", is: 4)
    try model.layerNorm("layer_norm_epsilon", default: 1e-5)
    try model.mptAttention()
    try model.config.require("norm_type", oneOf: ["low_precision_layernorm", "layernorm"])
    if model.config.has("logit_scale") { throw model.config.unsupported("logit_scale", "there", "models without it") }
    // Of training, of tools, of positions that are not there beside distances; and the tensors say which biases there are.
    for key in [
      "embedding_fraction", "emb_pdrop", "init_config", "init_device", "learned_pos_emb", "no_bias", "tokenizer_name",
      "verbose",
    ] {
      _ = model.config.value(key)
    }
  }
}

extension HubDescription {
  /// `attn_config`: one head of keys and values for each of queries, scores that fall with distance.
  fileprivate mutating func mptAttention() throws(ModelFolderError) {
    guard var attention = try config.object("attn_config") else { throw config.error(.missingKey("attn_config")) }
    try attention.require("attn_type", oneOf: ["multihead_attention"])
    try attention.require("alibi", is: true)
    set("attention.max_alibi_bias", try attention.number("alibi_bias_max", default: 8))
    clamp(try attention.optionalPositive("clip_qkv"))
    for key in ["prefix_lm", "qk_ln", "attn_uses_sequence_id", "is_encoder_decoder"] {
      try attention.require(key, is: false)
    }
    if attention.has("softmax_scale") {
      throw attention.unsupported("softmax_scale", "there", "models without it")
    }
    // How attention is computed.
    _ = attention.value("attn_impl")
    try attention.refuseUnread(HubConfig.harmless)
  }
}
