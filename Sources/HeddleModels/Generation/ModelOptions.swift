/// How a model is opened.
public struct ModelOptions: Hashable, Sendable {
  /// The most tokens of one step. A longer prompt is cut; the intermediate values of a step grow with it.
  public var chunk: Int
  /// Whether a step gives `hidden.N`, the last token's values after the embedding (0) and after each layer.
  public var hiddenStates: Bool
  /// Whether a step gives `all_logits`, those after each of its tokens: 4 bytes for each token of a chunk and each of the
  /// vocabulary.
  public var allLogits: Bool

  public init(chunk: Int = 512, hiddenStates: Bool = false, allLogits: Bool = false) {
    self.chunk = chunk
    self.hiddenStates = hiddenStates
    self.allLogits = allLogits
  }

  /// Above this, larger chunks gain nothing and only take memory.
  public static let chunkRange = 1...4096
}
