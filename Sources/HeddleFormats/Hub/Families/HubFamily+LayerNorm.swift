import HeddleText

extension HubFamily {
  /// StableLM: layer norms, a part of each head turns, maybe a norm for each head.
  static let stablelm = HubFamily(
    models: ["StableLmForCausalLM", "StableLMEpochForCausalLM"], architecture: "stablelm",
    tensors: HubTensorRule.llama + [
      .init("model.layers.*.self_attn.q_layernorm.norms.*", "attn_q_norm", .stacked),
      .init("model.layers.*.self_attn.k_layernorm.norms.*", "attn_k_norm", .stacked),
    ]
  ) { model throws(ModelFolderError) in
    try model.sizes()
    try model.feedForward()
    try model.layerNorm(model.config.has("norm_eps") ? "norm_eps" : "layer_norm_eps")
    try model.partialRotary(headLength: model.widthOfHeads(), default: 0.25)
    model.set("use_parallel_residual", .bool(try model.config.bool("use_parallel_residual", default: false)))
    try model.activation("silu")
    // The tensors say so.
    _ = model.config.value("use_qkv_bias")
    _ = model.config.value("qk_layernorm")
  }

  /// StarCoder 2: layer norms, biases, a feed-forward without a gate.
  static let starcoder2 = HubFamily(
    models: ["Starcoder2ForCausalLM"], architecture: "starcoder2", isTied: true,
    tensors: HubTensorRule.embedding + HubTensorRule.norms + HubTensorRule.attention + [
      .init("model.layers.*.mlp.c_fc", "ffn_up"), .init("model.layers.*.mlp.c_proj", "ffn_down"),
    ]
  ) { model throws(ModelFolderError) in
    try model.sizes()
    try model.feedForward()
    try model.layerNorm("norm_epsilon")
    try model.rotary(headLength: model.headLength())
    try model.window()
    try model.activation("gelu_pytorch_tanh")
    try model.activation("gelu_pytorch_tanh", key: "activation_function")
    try model.config.require("scale_attn_weights", is: true)
    try model.config.require("norm_type", oneOf: ["layer_norm"])
    try model.config.require("mlp_type", oneOf: ["default"])
    _ = model.config.value("use_bias")
  }

  /// Nemotron 3 and 4, Minitron: layer norms that count from one, a part of each head turns, the square of ReLU.
  static let nemotron = HubFamily(
    models: ["NemotronForCausalLM"], architecture: "nemotron",
    tensors: (HubTensorRule.embedding + HubTensorRule.norms + HubTensorRule.attention + HubTensorRule.plain)
      .countingNormsFromOne()
  ) { model throws(ModelFolderError) in
    try model.sizes()
    try model.feedForward()
    try model.layerNorm("norm_eps")
    // Files have the same number by both names.
    try model.rootMeanSquare("norm_eps")
    try model.copy("vocab_size", to: "vocab_size")
    model.set("rope.scaling.type", .string("none"))
    try model.partialRotary(headLength: model.headLength(), default: 0.5)
    try model.activation("relu2")
    // The tensors say so.
    for key in ["attention_bias", "mlp_bias"] { _ = model.config.value(key) }
  }

  /// GPT-NeoX and Pythia: attention and feed-forward side by side, each behind a layer norm of its own.
  static let gptNeoX = HubFamily(
    models: ["GPTNeoXForCausalLM"], architecture: "gptneox",
    tensors: [
      .init("gpt_neox.embed_in", "token_embd"), .init("gpt_neox.final_layer_norm", "output_norm"),
      .init("embed_out", "output"), .init("gpt_neox.layers.*.input_layernorm", "attn_norm"),
      .init("gpt_neox.layers.*.post_attention_layernorm", "ffn_norm"),
      .init("gpt_neox.layers.*.attention.query_key_value", "attn_qkv", .separated),
      .init("gpt_neox.layers.*.attention.dense", "attn_output"),
      .init("gpt_neox.layers.*.mlp.dense_h_to_4h", "ffn_up"), .init("gpt_neox.layers.*.mlp.dense_4h_to_h", "ffn_down"),
      .init("gpt_neox.layers.*.attention", "", .left), .init("gpt_neox.layers.*.attention.masked_bias", "", .left),
      .init("gpt_neox.layers.*.attention.rotary_emb.inv_freq", "", .left),
    ]
  ) { model throws(ModelFolderError) in
    try model.sizes(keyHeads: nil)
    try model.feedForward()
    try model.layerNorm("layer_norm_eps")
    try model.partialRotary(headLength: model.widthOfHeads(), default: 0.25)
    model.set("use_parallel_residual", .bool(try model.config.bool("use_parallel_residual", default: true)))
    try model.activation("gelu")
    _ = model.config.value("attention_bias")
  }

  private static func gpt2Tensors(products change: HubTensorRule.Change) -> [HubTensorRule] {
    [
      .init("wte", "token_embd"), .init("wpe", "position_embd"), .init("ln_f", "output_norm"),
      .init("lm_head", "output"), .init("h.*.ln_1", "attn_norm"), .init("h.*.ln_2", "ffn_norm"),
      .init("h.*.attn.c_attn", "attn_qkv", change), .init("h.*.attn.c_proj", "attn_output", change),
      .init("h.*.mlp.c_fc", "ffn_up", change), .init("h.*.mlp.c_proj", "ffn_down", change),
      .init("h.*.attn", "", .left), .init("h.*.attn.masked_bias", "", .left),
    ]
  }

  /// GPT-2: learned positions, layer norms, products with inputs before outputs.
  static let gpt2 = HubFamily(
    models: ["GPT2LMHeadModel"], architecture: "gpt2", isTied: true, prefixes: [("transformer.", "")],
    tensors: gpt2Tensors(products: .transposed)
  ) { model throws(ModelFolderError) in
    let context = model.config.has("n_positions") ? "n_positions" : "n_ctx"
    try model.sizes(layers: "n_layer", context: context, width: "n_embd", heads: "n_head", keyHeads: nil)
    model.set("feed_forward_length", try model.config.integer("n_inner", default: 4 &* model.width))
    try model.layerNorm("layer_norm_epsilon")
    try model.activation("gelu_new", key: "activation_function")
    try model.config.require("scale_attn_weights", is: true)
    try model.config.require("scale_attn_by_inverse_layer_idx", is: false)
    try model.config.require("add_cross_attention", is: false)
    for key in ["n_ctx", "n_positions"] { _ = model.config.value(key) }
  }

  /// StarCoder and SantaCoder: a GPT-2 whose queries share one head of keys and values, with products as others have them.
  static let gptBigCode = HubFamily(
    models: ["GPTBigCodeForCausalLM"], architecture: "starcoder", isTied: true, prefixes: [("transformer.", "")],
    tensors: gpt2Tensors(products: .none)
  ) { model throws(ModelFolderError) in
    try model.sizes(layers: "n_layer", context: "n_positions", width: "n_embd", heads: "n_head", keyHeads: nil)
    model.set(keyHeads: 1)
    model.set("feed_forward_length", try model.config.integer("n_inner", default: 4 &* model.width))
    try model.layerNorm("layer_norm_epsilon")
    try model.activation("gelu_pytorch_tanh", key: "activation_function")
    try model.config.require("multi_query", is: true)
    try model.config.require("scale_attn_weights", is: true)
    try model.config.require("add_cross_attention", is: false)
    // How attention is computed, and that some tools keep a buffer of this many positions.
    for key in [
      "attention_type", "inference_runner", "max_batch_size", "max_sequence_length", "pad_key_length",
      "pre_allocate_kv_cache", "validate_runner_input",
    ] {
      _ = model.config.value(key)
    }
    try model.config.require("num_key_value_heads", is: 1)
  }
}
