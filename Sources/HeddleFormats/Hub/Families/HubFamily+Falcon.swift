import HeddleText

extension HubFamily {
  /// Falcon: attention and feed-forward side by side, keys and values that many queries share.
  static let falcon = HubFamily(
    models: ["FalconForCausalLM", "RWForCausalLM"], architecture: "falcon", isTied: true,
    tensors: [
      .init("transformer.word_embeddings", "token_embd"), .init("transformer.ln_f", "output_norm"),
      .init("lm_head", "output"), .init("transformer.h.*.input_layernorm", "attn_norm"),
      .init("transformer.h.*.ln_mlp", "attn_norm"), .init("transformer.h.*.ln_attn", "attn_norm_2"),
      .init("transformer.h.*.self_attention.query_key_value", "attn_qkv", .separated),
      .init("transformer.h.*.self_attention.dense", "attn_output"),
      .init("transformer.h.*.mlp.dense_h_to_4h", "ffn_up"), .init("transformer.h.*.mlp.dense_4h_to_h", "ffn_down"),
      .init("transformer.h.*.self_attention.rotary_emb.inv_freq", "", .left),
    ]
  ) { model throws(ModelFolderError) in
    let heads = model.config.has("num_attention_heads") ? "num_attention_heads" : "n_head"
    let layers = model.config.has("num_hidden_layers") ? "num_hidden_layers" : "n_layer"
    try model.sizes(layers: layers, heads: heads, keyHeads: nil, defaultContext: 2048)
    try model.falconKeyHeads()
    model.set("tensor_data_layout", .string("jploski"))
    model.set("feed_forward_length", try model.config.integer("ffn_hidden_size", default: 4 &* model.width))
    try model.layerNorm("layer_norm_epsilon")
    try model.rotary(headLength: model.widthOfHeads())
    try model.activation("gelu", key: "activation")
    try model.config.require("alibi", is: false)
    try model.config.require("parallel_attn", is: true)
    try model.config.require("apply_residual_connection_post_layernorm", is: false)
    // The tensors say so.
    for key in ["bias", "num_ln_in_parallel_attn"] { _ = model.config.value(key) }
  }
}

extension HubDescription {
  /// The old architecture has one head of keys and values, or as many as of queries, whatever it says of their number.
  fileprivate mutating func falconKeyHeads() throws(ModelFolderError) {
    let isNew = try config.bool("new_decoder_architecture", default: false)
    let isShared = try config.bool("multi_query", default: true)
    let old = try config.optionalInteger("n_head_kv")
    let declared = try config.optionalInteger("num_kv_heads") ?? old ?? heads.queries
    let keys = isNew ? declared : isShared ? 1 : heads.queries
    guard heads.queries.isMultiple(of: keys) else {
      throw config.invalid("num_kv_heads", keys, "the \(heads.queries) query heads are not a multiple of it")
    }
    set(keyHeads: keys)
  }
}
