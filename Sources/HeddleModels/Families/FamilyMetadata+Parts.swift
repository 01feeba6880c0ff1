import HeddleFormats
import HeddleGraph
import HeddleText

/// The keys that most families have, read into parts of a ``DecoderDescription``.
extension FamilyMetadata {
  /// `embedding_length`
  mutating func width() throws(ModelError) -> Int { try integer("embedding_length", in: 1...Limits.width) }

  /// `attention.layer_norm_rms_epsilon`
  mutating func norm() throws(ModelError) -> Norm {
    let name = "attention.layer_norm_rms_epsilon"
    let epsilon = try float(name)
    guard epsilon >= 0, epsilon < 1 else { throw invalid(name, epsilon, "it must be in 0..<1") }
    return .rootMeanSquare(epsilon: epsilon)
  }

  /// `attention.head_count`, `attention.head_count_kv` (as many, if absent), `attention.key_length` and
  /// `attention.value_length` (the width cut into heads, if absent), `attention.scale` (1/√K, if absent or 0), and the
  /// keys of ``rotary(_:keyLength:factors:)``.
  mutating func attention(
    rotary pairing: RotaryEmbedding.Pairing, factors: Presence, headNorm: Norm?, inputBias: Presence,
    outputBias: Presence
  ) throws(ModelError) -> GroupedAttention {
    let heads = try integer("attention.head_count", in: 1...Limits.count)
    let groups = try integer("attention.head_count_kv", in: 1...Limits.count, default: heads)
    guard heads.isMultiple(of: groups) else {
      throw invalid("attention.head_count_kv", groups, "the \(heads) query heads are not a multiple of it")
    }
    let keyLength = try headLength("attention.key_length", heads: heads)
    return GroupedAttention(
      headCount: heads, keyValueHeadCount: groups, keyLength: keyLength,
      valueLength: try headLength("attention.value_length", heads: heads), scale: try attentionScale(keyLength),
      headNorm: headNorm, rotary: try rotary(pairing, keyLength: keyLength, factors: factors), inputBias: inputBias,
      outputBias: outputBias)
  }

  private mutating func headLength(_ name: String, heads: Int) throws(ModelError) -> Int {
    if has(name) { return try integer(name, in: 1...Limits.count) }
    let width = try width()
    guard width.isMultiple(of: heads) else {
      throw invalid(
        "attention.head_count", heads, "the width of \(width) is not a multiple of it, and '\(key(name))' is missing")
    }
    return width.divided(by: heads)
  }

  private mutating func attentionScale(_ keyLength: Int) throws(ModelError) -> Float {
    let scale = try float("attention.scale", default: 0)
    guard scale >= 0, scale.isFinite else {
      throw invalid("attention.scale", scale, "it must be finite and not negative")
    }
    return scale == 0 ? Float(1 / Double(keyLength).squareRoot()) : scale
  }

  /// `rope.freq_base` (10 000, if absent), `rope.dimension_count` (K, if absent), `rope.scaling.type` and its factor.
  mutating func rotary(
    _ pairing: RotaryEmbedding.Pairing, keyLength: Int, factors: Presence
  ) throws(ModelError) -> Rotary {
    let base = try float("rope.freq_base", default: 10_000)
    guard base > 0, base.isFinite else { throw invalid("rope.freq_base", base, "it must be finite and above 0") }
    let dimensions = try integer("rope.dimension_count", in: 1...Limits.width, default: keyLength)
    guard dimensions.isMultiple(of: 2), dimensions <= keyLength else {
      throw invalid(
        "rope.dimension_count", dimensions, "it must be even and at most the head length of \(keyLength)")
    }
    return Rotary(
      pairing: pairing, base: base, dimensions: dimensions, frequencyScale: try frequencyScale(), factors: factors)
  }

  /// What positions are multiplied with: `linear` scaling divides them by its factor.
  private mutating func frequencyScale() throws(ModelError) -> Float {
    let hasFactor = has("rope.scaling.factor")
    let hasOldFactor = has("rope.scale_linear")
    let type = try string("rope.scaling.type", default: "")
    switch type {
    case "none": return 1
    // Files older than `rope.scaling.type` have only a factor, which is linear.
    case "linear", "": break
    default:
      throw .unsupportedValue(key: key("rope.scaling.type"), value: "'\(type)'", supported: "none, linear")
    }
    let name = !hasFactor && hasOldFactor ? "rope.scale_linear" : "rope.scaling.factor"
    let factor = try float(name, default: 1)
    guard factor > 0, factor.isFinite, (1 / factor).isFinite else {
      throw invalid(name, factor, "it must be finite and above 0")
    }
    return 1 / factor
  }

  /// `feed_forward_length`; gate and up go through SiLU.
  mutating func gatedFeedForward(bias: Presence) throws(ModelError) -> GatedFeedForward {
    GatedFeedForward(width: try integer("feed_forward_length", in: 1...Limits.width), activation: .silu, bias: bias)
  }

  /// A decoder whose layers, `block_count` of them, are all alike: `context_length`, `vocab_size` (the count of
  /// `tokenizer.ggml.tokens`, if absent), ``width()`` and ``norm()``.
  mutating func decoder(
    _ mixer: Mixer, _ feedForward: FeedForward, outputBias: Presence
  ) throws(ModelError) -> DecoderDescription {
    let norm = try norm()
    let count = try integer("block_count", in: 1...Limits.layers)
    return DecoderDescription(
      architecture: architecture, width: try width(), vocabularySize: try vocabularySize(),
      contextLength: try integer("context_length", in: 1...Limits.context),
      layers: [LayerRun(count: count, norm: norm, mixer: mixer, feedForward: feedForward)], outputNorm: norm,
      outputMatrix: .optional, outputBias: outputBias)
  }

  private mutating func vocabularySize() throws(ModelError) -> Int {
    let range = 1...Limits.width
    if has("vocab_size") { return try integer("vocab_size", in: range) }
    let tokens = try ModelError.reading { () throws(GGUFError) in try metadata.strings("tokenizer.ggml.tokens") }
    guard range.contains(tokens.count) else {
      throw .invalidValue(key: "tokenizer.ggml.tokens", value: "\(tokens.count) tokens", reason: "must be in \(range)")
    }
    return tokens.count
  }
}
