/// A decoder as data: what is computed between token ids and logits, and in which shapes.
///
/// ```
/// x = embedding[ids]                                       D values a token
/// x = x + mixer(norm(x));  x = x + feedForward(norm(x))    for each layer, see ``LayerRun``
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
  public let embedding: Embedding
  /// From the embedding on; neighbours that are alike are one entry.
  public let layers: [LayerRun]
  /// What is applied to x before the output.
  public let outputNorm: Norm
  public let output: OutputHead
  /// Layers that a file has after these, which guess tokens after the next: nothing is computed of them.
  public let guessingLayerCount: Int

  /// Layers in all.
  public var layerCount: Int { layers.reduce(0) { $0 &+ $1.count } }
}

/// What token ids become: `norm(scale · embedding[id])`, plus `positions[place]` if there is such a table.
public struct Embedding: Hashable, Codable, Sendable {
  public let scale: Float
  /// Rows of a learned table of positions, `[positions, D]`, one for each place of the context; nil if there is none.
  public let positions: Int?
  /// Of `token_embd_norm`; nil if there is none.
  public let norm: Norm?

  public init(scale: Float = 1, positions: Int? = nil, norm: Norm? = nil) {
    self.scale = scale
    self.positions = positions
    self.norm = norm
  }
}

/// How logits are made of the last x: `cap(scale · (output · x + bias))`, with `cap(z) = softCap · tanh(z / softCap)`.
public struct OutputHead: Hashable, Codable, Sendable {
  /// A matrix of the output's own, `[V, D]`. Without one the embedding's is used.
  public let matrix: Presence
  /// A bias, `[V]`.
  public let bias: Presence
  public let scale: Float
  /// The greatest magnitude of a logit; nil for none.
  public let softCap: Float?

  public init(matrix: Presence = .optional, bias: Presence = .absent, scale: Float = 1, softCap: Float? = nil) {
    self.matrix = matrix
    self.bias = bias
    self.scale = scale
    self.softCap = softCap
  }
}

/// Whether a model has a tensor.
public enum Presence: String, Hashable, Codable, Sendable {
  case absent
  /// The file decides.
  case optional
  case required
}
