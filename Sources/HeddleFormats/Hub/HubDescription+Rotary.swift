import HeddleText

/// How positions turn queries and keys: `rope_parameters` of transformers 5, or `rope_theta` and `rope_scaling` before.
struct HubRotary {
  /// The base of the frequencies; nil if the configuration does not say it.
  var base: Double?
  /// `default`, `linear`, `llama3`, `yarn`, `longrope`, `dynamic`.
  var type: String
  /// The other values, nil if there are none.
  var scaling: HubConfig?
  /// The part of a head that is turned.
  var partial: Double?
  /// Context before scaling.
  var original: Int?
}

extension HubDescription {
  /// Reads how positions turn heads, as the configuration says it.
  ///
  /// - Parameter kind: the kind of layers, where `rope_parameters` has several.
  mutating func readRotary(_ kind: String? = nil) throws(ModelFolderError) -> HubRotary {
    var outer = try config.object("rope_parameters")
    if let kind, var kinds = outer, let inner = try kinds.object(kind) { outer = inner }
    var rotary = HubRotary(base: try outer?.optionalNumber("rope_theta"), type: "default", scaling: outer)
    if rotary.scaling == nil { rotary.scaling = try config.object("rope_scaling") }
    for key in ["rope_theta", "rotary_emb_base"] {
      if let base = try config.optionalNumber(key), rotary.base == nil { rotary.base = base }
    }
    if var scaling = rotary.scaling {
      let old = try scaling.string("type", default: "default")
      rotary.type = try scaling.string("rope_type", default: old)
      if rotary.type == "su" { rotary.type = "longrope" }
      rotary.partial = try scaling.optionalNumber("partial_rotary_factor")
      rotary.original = try scaling.optionalInteger("original_max_position_embeddings")
      _ = scaling.value("rope_theta")
      rotary.scaling = scaling
    }
    for key in ["partial_rotary_factor", "rotary_pct", "rope_pct"] {
      if let partial = try config.optionalNumber(key), rotary.partial == nil { rotary.partial = partial }
    }
    if let base = rotary.base, !(base > 0 && base.isFinite) {
      throw config.invalid("rope_theta", base, "it must be above 0")
    }
    if let partial = rotary.partial, !(partial > 0 && partial <= 1) {
      throw config.invalid("partial_rotary_factor", partial, "it must be above 0 and at most 1")
    }
    return rotary
  }

  /// Positions that turn whole heads, with their base and whatever scaling there is.
  ///
  /// - Parameters:
  ///   - headLength: what `llama3` computes its factors for.
  ///   - kind: the kind of layers, where `rope_parameters` has several.
  mutating func rotary(headLength: Int, of kind: String? = nil) throws(ModelFolderError) {
    let rotary = try readRotary(kind)
    if let partial = rotary.partial, partial != 1 {
      throw config.unsupported("partial_rotary_factor", partial, "1")
    }
    if let base = rotary.base { set("rope.freq_base", base) }
    try scale(rotary, headLength: headLength)
  }

  /// The base of layers with a window, whose heads turn without scaling; nil if the configuration does not say it.
  mutating func localBase() throws(ModelFolderError) -> Double? {
    var local = try config.optionalNumber("rope_local_base_freq")
    if var kinds = try config.object("rope_parameters"), var inner = try kinds.object("sliding_attention") {
      local = try inner.optionalNumber("rope_theta") ?? local
      try inner.require("rope_type", oneOf: ["default"])
      try inner.refuseUnread([])
    }
    return local
  }

  /// Positions that turn a part of each head.
  mutating func partialRotary(headLength: Int, default fallback: Double) throws(ModelFolderError) {
    let rotary = try readRotary()
    guard let dimensions = Int(exactly: ((rotary.partial ?? fallback) * Double(headLength)).rounded(.down)) else {
      throw config.invalid("partial_rotary_factor", rotary.partial ?? fallback, "it must be above 0 and at most 1")
    }
    set("rope.dimension_count", dimensions)
    if let base = rotary.base { set("rope.freq_base", base) }
    try scale(rotary, headLength: dimensions)
  }

  /// Writes the scaling of positions, or refuses it.
  mutating func scale(_ rotary: HubRotary, headLength: Int) throws(ModelFolderError) {
    guard var scaling = rotary.scaling else { return }
    switch rotary.type {
    case "default": break
    case "linear":
      set("rope.scaling.type", .string("linear"))
      set("rope.scaling.factor", try scaling.number("factor"))
    case "llama3":
      add("rope_freqs.weight", try llama3Factors(rotary, &scaling, headLength: headLength))
    case "yarn": try yarn(rotary, &scaling)
    case "dynamic": try dynamic(rotary, &scaling)
    default:
      throw scaling.unsupported("rope_type", quoted(rotary.type), "'default', 'linear', 'llama3', 'yarn', 'dynamic'")
    }
    try scaling.refuseUnread(["original_max_position_embeddings"])
  }

  /// - Source: Peng et al., *YaRN: Efficient Context Window Extension of Large Language Models*, 2023.
  private mutating func yarn(_ rotary: HubRotary, _ scaling: inout HubConfig) throws(ModelFolderError) {
    set("rope.scaling.type", .string("yarn"))
    set("rope.scaling.factor", try scaling.number("factor"))
    let context = try config.integer("max_position_embeddings")
    set("rope.scaling.original_context_length", rotary.original ?? context)
    let old = try scaling.optionalNumber("attn_factor")
    if let attention = try scaling.optionalNumber("attention_factor") ?? old {
      set("rope.scaling.yarn_attn_factor", attention)
    }
    try logMultiplier(&scaling)
    if let factor = try scaling.optionalNumber("extrapolation_factor") { set("rope.scaling.yarn_ext_factor", factor) }
    if let fast = try scaling.optionalNumber("beta_fast") { set("rope.scaling.yarn_beta_fast", fast) }
    if let slow = try scaling.optionalNumber("beta_slow") { set("rope.scaling.yarn_beta_slow", slow) }
    // As the model itself did it; see `FamilyMetadata.yarn`.
    let isRounded = !architecture.hasSameBytes(as: "gpt-oss")
    guard try scaling.bool("truncate", default: true) == isRounded else {
      throw scaling.unsupported("truncate", !isRounded, "\(isRounded)")
    }
  }

  /// `mscale_all_dim`, by which DeepSeek scales scores, where `mscale` takes back what YaRN else does to what is turned.
  private mutating func logMultiplier(_ scaling: inout HubConfig) throws(ModelFolderError) {
    guard architecture.hasPrefix("deepseek"), let multiplier = try scaling.optionalNumber("mscale_all_dim")
    else { return }
    let own = try scaling.number("mscale", default: 0)
    guard own == multiplier else { throw scaling.unsupported("mscale", own, "that of 'mscale_all_dim', \(multiplier)") }
    set("rope.scaling.yarn_log_multiplier", multiplier / 10)
  }

  /// A base that grows with the text, but from `max_position_embeddings` on, where a model's context ends: within it nothing is
  /// scaled.
  ///
  /// - Source: transformers, `modeling_rope_utils.py`, `_compute_dynamic_ntk_parameters`.
  private mutating func dynamic(_ rotary: HubRotary, _ scaling: inout HubConfig) throws(ModelFolderError) {
    _ = try scaling.number("factor")
    let context = try config.integer("max_position_embeddings")
    guard let original = rotary.original, original != context else { return }
    throw scaling.unsupported("original_max_position_embeddings", original, "\(context), as 'max_position_embeddings'")
  }

  /// What the frequencies are divided by: 1 where the wave is short, `factor` where it is long, and between.
  ///
  /// - Source: Meta, *Llama 3.1*, `apply_scaling`.
  private func llama3Factors(
    _ rotary: HubRotary, _ scaling: inout HubConfig, headLength: Int
  ) throws(ModelFolderError) -> [Float] {
    let factor = Float(try scaling.number("factor", default: 8))
    let low = Float(try scaling.number("low_freq_factor", default: 1))
    let high = Float(try scaling.number("high_freq_factor", default: 4))
    let context = Float(rotary.original ?? 8192)
    let base = Float(rotary.base ?? 10_000)
    guard factor > 0, low > 0, high > low else {
      throw scaling.invalid(
        "factor", factor, "llama3 scaling needs a factor above 0, and two bounds of which one is greater")
    }
    return stride(from: 0, to: headLength, by: 2).map { place in
      let frequency = 1 / ElementaryFunctions.power(base, Float(place) / Float(headLength))
      let wave = 2 * Float.pi / frequency
      if wave < context / high { return 1 }
      if wave > context / low { return factor }
      let smooth = (context / wave - low) / (high - low)
      return 1 / ((1 - smooth) / factor + smooth)
    }
  }
}
