import HeddleText

extension HubFamily {
  private static let around: [HubTensorRule] = [
    .init("model.layers.*.input_layernorm", "attn_norm"),
    .init("model.layers.*.post_attention_layernorm", "post_attention_norm"),
    .init("model.layers.*.pre_feedforward_layernorm", "ffn_norm"),
    .init("model.layers.*.post_feedforward_layernorm", "post_ffw_norm"),
  ]

  /// Gemma: scaled embeddings, norms that count from one, GELU.
  static let gemma = HubFamily(
    models: ["GemmaForCausalLM"], architecture: "gemma", isTied: true,
    tensors: HubTensorRule.llama.countingNormsFromOne()
  ) { model throws(ModelFolderError) in
    try model.describeGemma(context: 8192)
    // Before version 5 of transformers `hidden_act` said 'gelu', and the function was this one.
    try model.config.require("hidden_act", oneOf: ["gelu_pytorch_tanh", "gelu"])
    try model.rotary(headLength: model.headLength(default: 256))
  }

  /// Gemma 2: norms around, soft caps, a window in every other layer.
  static let gemma2 = HubFamily(
    models: ["Gemma2ForCausalLM"], architecture: "gemma2", isTied: true,
    tensors: (HubTensorRule.embedding + HubTensorRule.attention + around + HubTensorRule.gated).countingNormsFromOne()
  ) { model throws(ModelFolderError) in
    try model.describeGemma(context: 8192)
    let length = try model.headLength(default: 256)
    try model.rotary(headLength: length)
    try model.queryScale(headLength: length)
    model.set("attn_logit_softcapping", try model.config.number("attn_logit_softcapping", default: 50))
    model.set("final_logit_softcapping", try model.config.number("final_logit_softcapping", default: 30))
    try model.localLayers(period: 2)
    model.set("attention.sliding_window", try model.config.integer("sliding_window", default: 4096))
    try model.config.require("cache_implementation", oneOf: ["hybrid"])
  }

  /// Gemma 3, its text model: head norms, five layers with a window for one without, each kind with a base of its own.
  static let gemma3 = HubFamily(
    models: ["Gemma3ForCausalLM", "Gemma3ForConditionalGeneration"], architecture: "gemma3", isTied: true,
    prefixes: [
      ("language_model.model.", "model."), ("model.language_model.", "model."), ("language_model.lm_head.", "lm_head."),
    ],
    tensors: (HubTensorRule.embedding + HubTensorRule.attention + HubTensorRule.headNorms + around
      + HubTensorRule.gated).countingNormsFromOne()
  ) { model throws(ModelFolderError) in
    try model.describeGemma(context: 131_072)
    let length = try model.headLength(default: 256)
    try model.queryScale(headLength: length)
    if model.config.has("attn_logit_softcapping") {
      throw model.config.unsupported("attn_logit_softcapping", "there", "models without it")
    }
    try model.copyNumber("final_logit_softcapping", to: "final_logit_softcapping")
    try model.globalAndLocalRotary(headLength: length)
    let period = try model.config.integer(
      "_sliding_window_pattern", default: model.config.integer("sliding_window_pattern", default: 6))
    guard period == 6 else { throw model.config.unsupported("sliding_window_pattern", period, "6") }
    try model.localLayers(period: 6)
    model.set("attention.sliding_window", try model.config.integer("sliding_window", default: 4096))
    try model.config.require("cache_implementation", oneOf: ["hybrid"])
  }
}

extension HubDescription {
  fileprivate mutating func describeGemma(context: Int) throws(ModelFolderError) {
    try sizes(
      defaultContext: context, defaultHeads: architecture == "gemma3" ? 8 : nil,
      defaultKeyHeads: architecture == "gemma3" ? 4 : nil)
    try feedForward()
    try rootMeanSquare(default: 1e-6)
    try activation("gelu_pytorch_tanh", key: "hidden_activation")
    if architecture != "gemma" { try config.require("hidden_act", oneOf: ["gelu_pytorch_tanh"]) }
    try config.require("use_bidirectional_attention", is: false)
    _ = config.value("attention_bias")
  }

  /// What scores are multiplied with, where it is not what heads of this length have: `query_pre_attn_scalar` ^ −½.
  fileprivate mutating func queryScale(headLength: Int) throws(ModelFolderError) {
    let scalar = try config.number("query_pre_attn_scalar", default: Double(headLength))
    guard scalar > 0 else { throw config.invalid("query_pre_attn_scalar", scalar, "it must be above 0") }
    if scalar != Double(headLength) { set("attention.scale", 1 / scalar.squareRoot()) }
  }

  fileprivate mutating func globalAndLocalRotary(headLength: Int) throws(ModelFolderError) {
    let rotary = try readRotary("full_attention")
    set("rope.freq_base", rotary.base ?? 1_000_000)
    try scale(rotary, headLength: headLength)
    set("rope.freq_base_swa", try localBase() ?? 10_000)
  }
}
