/// Layers of the same form, one after the other.
///
/// ```
/// sequential   r = x + s · after(mixer(before(x)))         y = r + s · after(feedForward(before(r)))
/// parallel     y = x + s · (after(mixer(before(x))) + after(feedForward(before(x))))
/// ```
public struct LayerRun: Hashable, Codable, Sendable {
  public enum Form: String, Hashable, Codable, Sendable { case sequential, parallel }

  /// How many there are, one at least.
  public let count: Int
  public let form: Form
  /// s.
  public let residualScale: Float
  public let mixerNorms: BranchNorms
  public let mixer: Mixer
  public let feedForwardNorms: BranchNorms
  public let feedForward: FeedForward

  init(
    count: Int, form: Form = .sequential, residualScale: Float = 1, mixerNorms: BranchNorms, mixer: Mixer,
    feedForwardNorms: BranchNorms, feedForward: FeedForward
  ) {
    self.count = count
    self.form = form
    self.residualScale = residualScale
    self.mixerNorms = mixerNorms
    self.mixer = mixer
    self.feedForwardNorms = feedForwardNorms
    self.feedForward = feedForward
  }
}

/// What is applied to what a branch of a layer takes, and to what it gives.
public struct BranchNorms: Hashable, Codable, Sendable {
  public let before: NamedNorm?
  public let after: NamedNorm?
}

/// A normalization and what its tensors are called: `blk.N.<name>.weight`.
public struct NamedNorm: Hashable, Codable, Sendable {
  public let norm: Norm
  public let name: String
  /// The name of the tensors that are used if the file has none of ``name``.
  public let alternative: String?

  init(_ norm: Norm, _ name: String, or alternative: String? = nil) {
    self.norm = norm
    self.name = name
    self.alternative = alternative
  }
}

/// A normalization of a token's values, with a weight for each of them or without; ε in 0..<1.
public enum Norm: Hashable, Codable, Sendable {
  /// `y = x / √(mean(x²) + ε) ⊙ w`
  case rootMeanSquare(epsilon: Float)
  /// `y = (x − μ) / √(mean((x − μ)²) + ε) ⊙ w + b`, μ the mean of x
  case layer(epsilon: Float, bias: Presence)
  /// `y = (x − μ) / √(mean((x − μ)²) + ε)`
  case plainLayer(epsilon: Float)
}
