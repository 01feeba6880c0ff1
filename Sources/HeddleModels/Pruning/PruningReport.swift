/// What pruning a model gave, tensor by tensor.
public struct PruningReport: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public let name: String
    /// As it is written.
    public let shape: [Int]
    /// The types' names.
    public let before: String
    public let after: String
    public let byteCountBefore: Int
    public let byteCountAfter: Int
    /// Nil for a tensor that is stored as it was.
    public let magnitude: KeptMagnitude?
    /// Why it is stored as it was, if it is.
    public let reason: ModelPruning.Reason?
  }

  /// Every tensor, in the file's order.
  public let rows: [Row]
  /// What ordering channels gained, by block; nil for a block that stayed in its order.
  public let orders: [Int: Gain]

  /// What the matrices of a block's feed-forward keep together.
  public struct Gain: Hashable, Sendable {
    public let before: KeptMagnitude
    public let after: KeptMagnitude
  }

  public var byteCountBefore: Int { rows.reduce(0) { $0 &+ $1.byteCountBefore } }
  public var byteCountAfter: Int { rows.reduce(0) { $0 &+ $1.byteCountAfter } }
  /// Of all tensors that were pruned.
  public var magnitude: KeptMagnitude {
    rows.compactMap(\.magnitude).reduce(KeptMagnitude(kept: 0, total: 0), +)
  }
}
