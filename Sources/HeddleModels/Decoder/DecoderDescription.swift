/// A decoder as data: what is computed between token ids and logits, and in which shapes.
///
/// ```
/// x = embedding[ids]                                       D values a token
/// x = x + mixer(norm(x));  x = x + feedForward(norm(x))    for each layer
/// logits = output · norm(x)                                V values
/// ```
///
/// Model families are read into it (``init(_:)``), and one graph is built of it, whatever the family: ``DecoderModel``.
public struct DecoderDescription: Hashable, Codable, Sendable {
  /// The family, as GGUF's `general.architecture` spells it. Nothing is computed by this name.
  public let architecture: String
  /// D: values of a token between layers.
  public let width: Int
  /// V: token ids are below it.
  public let vocabularySize: Int
  /// The most tokens of a sequence.
  public let contextLength: Int
  /// From the embedding on; neighbours that are alike are one entry.
  public let layers: [LayerRun]
  /// What is applied to x before the output.
  public let outputNorm: Norm
  /// A matrix of the output's own, `[V, D]`. Without one the embedding's is used.
  public let outputMatrix: Presence
  /// A bias of the output, `[V]`.
  public let outputBias: Presence

  /// Layers in all.
  public var layerCount: Int { layers.reduce(0) { $0 &+ $1.count } }
}

/// Layers of the same form, one after the other.
public struct LayerRun: Hashable, Codable, Sendable {
  /// How many there are, one at least.
  public let count: Int
  /// What is applied to x before the mixer, and before the feed-forward block.
  public let norm: Norm
  public let mixer: Mixer
  public let feedForward: FeedForward
}

/// A normalization of a token's values, with a weight for each of them.
public enum Norm: Hashable, Codable, Sendable {
  /// `y = x / √(mean(x²) + ε) ⊙ w`; ε in 0..<1.
  case rootMeanSquare(epsilon: Float)
}

/// Whether a model has a tensor.
public enum Presence: String, Hashable, Codable, Sendable {
  case absent
  /// The file decides.
  case optional
  case required
}
