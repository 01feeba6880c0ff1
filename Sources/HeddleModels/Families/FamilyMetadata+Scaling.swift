import HeddleFormats
import RealModule

/// How a file's positions reach beyond those that its model was first trained with.
extension FamilyMetadata {
  /// `rope.scaling.type`: `none`, `linear` (`rope.scaling.factor`, or `rope.scale_linear` of older files), `longrope`, `yarn`.
  mutating func scaling(_ form: AttentionForm) throws(ModelError) -> RotaryScaling {
    let type = try string("rope.scaling.type", default: "")
    switch type {
    case "yarn": return .yarn(try yarn())
    case "longrope", "su": return try long(.required)
    case "none" where form.isLong: return try long(.optional)
    case "" where form.isLong && !has("rope.scaling.factor"): return try long(.optional)
    case "none":
      ignore(["rope.scaling.factor", "rope.scale_linear"])
      return form.factors == .absent ? .none : .factors(form.factors, scale: 1)
    // Files older than `rope.scaling.type` have only a factor, which is linear.
    case "linear", "":
      let scale = 1 / (try scalingFactor())
      if form.factors != .absent { return .factors(form.factors, scale: scale) }
      return scale == 1 ? .none : .linear(scale: scale)
    default:
      throw .unsupportedValue(
        key: key("rope.scaling.type"), value: "'\(type)'", supported: "none, linear, longrope, yarn")
    }
  }

  private mutating func scalingFactor() throws(ModelError) -> Float {
    let hasFactor = has("rope.scaling.factor")
    let hasOldFactor = has("rope.scale_linear")
    let name = !hasFactor && hasOldFactor ? "rope.scale_linear" : "rope.scaling.factor"
    let factor = try float(name, default: 1)
    guard factor > 0, factor.isFinite, (1 / factor).isFinite else {
      throw invalid(name, factor, "it must be finite and above 0")
    }
    return factor
  }

  /// `rope.scaling.original_context_length` and `rope.scaling.attn_factor`, which is √(1 + ln s / ln o) if absent: o that length,
  /// s how much longer the context is.
  private mutating func long(_ presence: Presence) throws(ModelError) -> RotaryScaling {
    let context = try contextLength()
    let original = try originalContext(default: context)
    let ratio = Double(context) / Double(original)
    let magnitude = ratio > 1 && original > 1 ? (1 + Double.log(ratio) / .log(Double(original))).squareRoot() : 1
    // What the factors say already.
    ignore(["rope.scaling.factor"])
    return .long(
      presence, originalContext: original, magnitude: try factor("rope.scaling.attn_factor", default: magnitude))
  }

  private mutating func originalContext(default fallback: Int) throws(ModelError) -> Int {
    try integer("rope.scaling.original_context_length", in: 1...Limits.context, default: fallback)
  }

  /// What DeepSeek's files multiply scores with where YaRN reaches further: `(m · ln(factor) + 1)²`, m of `.yarn_log_multiplier`.
  mutating func yarnScoreScale(_ scaling: RotaryScaling) throws(ModelError) -> Double {
    guard case .yarn(let yarn) = scaling, yarn.factor > 1 else { return 1 }
    let growth = 1 + Double(try float("rope.scaling.yarn_log_multiplier", default: 0)) * .log(Double(yarn.factor))
    return growth * growth
  }

  /// `rope.scaling.factor`, `.original_context_length`, `.yarn_beta_fast` (32), `.yarn_beta_slow` (1), and the magnitude
  /// `(0.1 · ln(factor) + 1) · attn_factor`, divided by `0.1 · m · ln(factor) + 1` with m of `.yarn_log_multiplier`; or that of
  /// `.yarn_attn_factor`, if it is not 1.
  private mutating func yarn() throws(ModelError) -> YaRN {
    let factor = try scalingFactor()
    func beta(_ name: String, _ fallback: Double) throws(ModelError) -> Float {
      let beta = try float(name, default: fallback)
      guard beta > 0, beta.isFinite else { throw invalid(name, beta, "it must be finite and above 0") }
      return beta
    }
    let (fast, slow) = (try beta("rope.scaling.yarn_beta_fast", 32), try beta("rope.scaling.yarn_beta_slow", 1))
    let growth = factor > 1 ? 0.1 * Double.log(Double(factor)) : 0
    let multiplier = try float("rope.scaling.yarn_log_multiplier", default: 0)
    guard multiplier >= 0, multiplier.isFinite else {
      throw invalid("rope.scaling.yarn_log_multiplier", multiplier, "it must be finite and not negative")
    }
    let blend = try float("rope.scaling.yarn_ext_factor", default: -1)
    guard blend == -1 || blend == 1 else {
      throw .unsupportedValue(key: key("rope.scaling.yarn_ext_factor"), value: "\(blend)", supported: "-1, 1")
    }
    var magnitude = multiplier == 0 ? 1 + growth : (1 + growth) / (1 + Double(multiplier) * growth)
    // DeepSeek's multiplier is of scores: `yarnScoreScale`.
    if ["deepseek2", "deepseek32"].contains(architecture), multiplier != 0 { magnitude = 1 }
    let own = Double(try self.factor("rope.scaling.attn_factor"))
    // Older files of OLMo 3 have the whole magnitude there.
    if architecture != "olmo2" || abs(own - magnitude) > 1e-3 { magnitude *= own }
    // A model's own magnitude takes the place of what follows from the factor.
    let whole = Double(try self.factor("rope.scaling.yarn_attn_factor"))
    if whole != 1 { magnitude = whole }
    return YaRN(
      factor: factor, originalContext: try originalContext(default: try contextLength()), fastBeta: fast,
      slowBeta: slow, magnitude: Float(magnitude),
      // OpenAI's own model does not round.
      isRounded: architecture != "gpt-oss")
  }
}
