/// How a model is opened.
public struct ModelOptions: Hashable, Sendable {
  /// The most tokens of one step. A longer prompt is cut; the intermediate values of a step grow with it.
  public var chunk: Int
  /// Whether a step gives `hidden.N`, see ``LlamaGraph``.
  public var hiddenStates: Bool

  public init(chunk: Int = 512, hiddenStates: Bool = false) {
    self.chunk = chunk
    self.hiddenStates = hiddenStates
  }

  /// Above this, larger chunks gain nothing and only take memory.
  public static let chunkRange = 1...4096
}
