import HeddleFormats
import HeddleGraph

/// The keys that most families have, read into parts of a ``DecoderDescription``.
extension FamilyMetadata {
  /// `embedding_length`
  mutating func width() throws(ModelError) -> Int { try integer("embedding_length", in: 1...Limits.width) }

  /// `block_count`
  mutating func layerCount() throws(ModelError) -> Int { try integer("block_count", in: 1...Limits.layers) }

  /// `attention.layer_norm_rms_epsilon`
  mutating func norm() throws(ModelError) -> Norm {
    .rootMeanSquare(epsilon: try epsilon("attention.layer_norm_rms_epsilon"))
  }

  /// `attention.layer_norm_epsilon`
  mutating func layerNorm(bias: Presence = .required) throws(ModelError) -> Norm {
    .layer(epsilon: try epsilon("attention.layer_norm_epsilon"), bias: bias)
  }

  /// `attention.layer_norm_epsilon`, of a norm without weights
  mutating func plainLayerNorm() throws(ModelError) -> Norm {
    .plainLayer(epsilon: try epsilon("attention.layer_norm_epsilon"))
  }

  private mutating func epsilon(_ name: String) throws(ModelError) -> Float {
    let epsilon = try float(name)
    guard epsilon >= 0, epsilon < 1 else { throw invalid(name, epsilon, "it must be in 0..<1") }
    return epsilon
  }

  /// A factor that is `fallback` if absent, and 1 if it is 0.
  mutating func factor(_ name: String, default fallback: Double = 1) throws(ModelError) -> Float {
    let factor = try float(name, default: fallback)
    guard factor.isFinite else { throw invalid(name, factor, "it must be finite") }
    return factor == 0 ? 1 : factor
  }

  /// The greatest magnitude of a score or logit; nil if it is 0, and what `fallback` says if absent.
  mutating func softCap(_ name: String, default fallback: Double = 0) throws(ModelError) -> Float? {
    let cap = try float(name, default: fallback)
    guard cap == 0 || cap > 0 && cap.isNormal && (1 / cap).isNormal else {
      throw invalid(name, cap, "it must be 0, or positive and finite")
    }
    return cap == 0 ? nil : cap
  }

  /// `feed_forward_length`, for each layer or one for all.
  private mutating func feedForwardWidth(_ layer: Int) throws(ModelError) -> Int {
    try integer("feed_forward_length", of: layer, in: 1...Limits.width)
  }

  mutating func gatedFeedForward(
    _ layer: Int, _ activation: Activation = .silu, bias: Presence = .absent,
    layout: GatedFeedForward.Layout = .apart
  ) throws(ModelError) -> FeedForward {
    .gated(
      GatedFeedForward(width: try feedForwardWidth(layer), activation: activation, bias: bias, layout: layout))
  }

  mutating func plainFeedForward(
    _ layer: Int, _ activation: Activation, isSquared: Bool = false, bias: Presence
  ) throws(ModelError) -> FeedForward {
    .plain(
      PlainFeedForward(
        width: try feedForwardWidth(layer), activation: activation, isSquared: isSquared, bias: bias))
  }

  /// A decoder with the layers that `make` gives for each number below ``layerCount()``: `context_length`, `vocab_size` (the count of
  /// `tokenizer.ggml.tokens`, if absent) and ``width()``.
  ///
  /// - Parameter guessingLayers: how many of the layers, the last ones, are left.
  mutating func decoder(
    embedding: Embedding = Embedding(), outputNorm: Norm, output: OutputHead = OutputHead(), guessingLayers: Int = 0,
    _ make: (inout FamilyMetadata, Int) throws(ModelError) -> LayerRun
  ) throws(ModelError) -> DecoderDescription {
    var layers: [LayerRun] = []
    for number in 0..<max(0, try layerCount() &- guessingLayers) {
      let layer = try make(&self, number)
      guard let last = layers.last, let both = last.joined(layer) else {
        layers.append(layer)
        continue
      }
      _ = layers.popLast()
      layers.append(both)
    }
    return DecoderDescription(
      architecture: architecture, width: try width(), vocabularySize: try vocabularySize(),
      contextLength: try contextLength(), embedding: embedding, layers: layers, outputNorm: outputNorm, output: output,
      guessingLayerCount: guessingLayers)
  }

  /// `context_length`
  mutating func contextLength() throws(ModelError) -> Int { try integer("context_length", in: 1...Limits.context) }

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

extension LayerRun {
  /// A layer that is normalized before each branch: `attn_norm`, `ffn_norm`.
  static func normalizedBefore(
    _ norm: Norm, _ mixer: Mixer, _ feedForward: FeedForward, form: Form = .sequential, residualScale: Float = 1
  ) -> LayerRun {
    LayerRun(
      count: 1, form: form, residualScale: residualScale,
      mixerNorms: BranchNorms(before: NamedNorm(norm, "attn_norm"), after: nil), mixer: mixer,
      feedForwardNorms: BranchNorms(before: NamedNorm(norm, "ffn_norm"), after: nil), feedForward: feedForward)
  }

  /// A layer that is normalized after each branch: `post_attention_norm`, `post_ffw_norm`.
  static func normalizedAfter(_ norm: Norm, _ mixer: Mixer, _ feedForward: FeedForward) -> LayerRun {
    LayerRun(
      count: 1, mixerNorms: BranchNorms(before: nil, after: NamedNorm(norm, "post_attention_norm")), mixer: mixer,
      feedForwardNorms: BranchNorms(before: nil, after: NamedNorm(norm, "post_ffw_norm")), feedForward: feedForward)
  }

  /// A layer whose branches share one normalization, and are added together: `attn_norm`.
  static func sharingNorm(_ norm: Norm, _ mixer: Mixer, _ feedForward: FeedForward) -> LayerRun {
    let norms = BranchNorms(before: NamedNorm(norm, "attn_norm"), after: nil)
    return LayerRun(
      count: 1, form: .parallel, mixerNorms: norms, mixer: mixer, feedForwardNorms: norms, feedForward: feedForward)
  }

  /// A layer that is normalized before and after each branch: `attn_norm`, `post_attention_norm`, `ffn_norm`, `post_ffw_norm`.
  static func normalizedAround(_ norm: Norm, _ mixer: Mixer, _ feedForward: FeedForward) -> LayerRun {
    LayerRun(
      count: 1,
      mixerNorms: BranchNorms(before: NamedNorm(norm, "attn_norm"), after: NamedNorm(norm, "post_attention_norm")),
      mixer: mixer,
      feedForwardNorms: BranchNorms(before: NamedNorm(norm, "ffn_norm"), after: NamedNorm(norm, "post_ffw_norm")),
      feedForward: feedForward)
  }

  /// One run of both; nil if they differ.
  fileprivate func joined(_ next: LayerRun) -> LayerRun? {
    let both = LayerRun(
      count: count, form: next.form, residualScale: next.residualScale, mixerNorms: next.mixerNorms, mixer: next.mixer,
      feedForwardNorms: next.feedForwardNorms, feedForward: next.feedForward)
    guard both == self else { return nil }
    return LayerRun(
      count: count &+ next.count, form: form, residualScale: residualScale, mixerNorms: mixerNorms, mixer: mixer,
      feedForwardNorms: feedForwardNorms, feedForward: feedForward)
  }
}
