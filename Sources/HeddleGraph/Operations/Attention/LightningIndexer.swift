/// The keys that a lightning indexer chooses for each token: sparse attention's, of those that come no later.
///
/// ```
/// I[t, s] = scale · Σ_h weights[t, h] · max(0, queries[t, h, :] · keys[s, :])      s ≤ past + t
/// y[t, 0, i] = the key of the i-th greatest I[t, :], of equals the lowest first; −1 where there are fewer keys
/// ```
///
/// - queries `[T, H, D]` and weights `[T, H]` float32; keys `[C, D]` float32, float16, bfloat16, q8_0, int8_g64 or int8_g128 and read
///   as float32; result `[T, 1, count]` int32. `past + T` of the C rows are in use; a run checks that there are as many.
/// - A NaN is chosen after all numbers. ``SelectKeys`` makes attention's selection of the result.
/// - Scores are never all in memory: of at most 16 tokens, of more than 16 those of a few that are being computed, besides 16 bytes for
///   each key that one of them chooses.
/// - A token's bits depend on its own queries, weights and keys alone, not on how many tokens run with it.
/// - Source: DeepSeek-AI, *DeepSeek-V3.2*, 2025 (without its Hadamard transform, which turns queries and keys alike, and without FP8).
public struct LightningIndexer: GraphOperation {
  public static let description = OperationDescription(
    "lightningIndexer", family: "Attention",
    "y[t, 0, :] = the keys s ≤ past + t of the count greatest scale · Σ_h weights[t, h] · max(0, queries[t, h, :] · keys[s, :]), "
      + "lowest first of equals; −1 where there is no more",
    operands: [
      .init("queries", "[T, H, D] f32"), .init("keys", "[C, D] f32, f16, bf16, q8_0, int8_g64 or int8_g128"),
      .init("weights", "[T, H] f32"),
    ],
    members: [.init("count", .integer), .init("past", .dimension), .init("scale", .number, default: "1")],
    result: "[T, 1, count] i32")

  /// How many keys are chosen for a token.
  public var count: Int
  /// The position of the first token among the keys.
  public var past: Dimension
  public var scale: Float

  public init(count: Int, past: Dimension, scale: Float = 1) {
    self.count = count
    self.past = past
    self.scale = scale
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let queries = try operands.float32("queries", rank: 3)
    let keys = try operands.cachedFloats("keys", rank: 2)
    let weights = try operands.float32("weights", rank: 2)
    try operands.equal(queries.extent(2), keys.extent(1), "the head dimension of queries and of keys")
    try operands.equal(queries.extent(0), weights.extent(0), "the tokens of queries and of weights")
    try operands.equal(queries.extent(1), weights.extent(1), "the heads of queries and of weights")
    guard let heads = queries.extent(1).constant, let dimension = queries.extent(2).constant, heads > 0, dimension > 0
    else { throw .type("heads and the head dimension must be fixed and at least 1, got \(queries)") }
    guard (1...Int(Int32.max)).contains(count) else {
      throw .attribute("count", "must be 1 to \(Int32.max), got \(count)")
    }
    guard scale.isFinite else { throw .attribute("scale", "must be finite, got \(scale)") }
    try operands.require(past, "past")
    try operands.require(keys.extent(0), "the rows of keys", atMost: Dimension(Int(Int32.max)))
    return [TensorType(.int32, [queries.extent(0), 1, Dimension(count)])]
  }

  public func capacities(_ operands: [TensorType]) -> [Capacity] {
    guard let queries = operands.first, let keys = operands.dropFirst().first else { return [] }
    return [Capacity(first: past, count: queries.extent(0), capacity: keys.extent(0))]
  }
}

extension LightningIndexer {
  private enum CodingKeys: String, CodingKey, CaseIterable { case count, past, scale }

  /// A scale of 1 may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(
      count: try members.decode(Int.self, forKey: .count), past: try members.decode(Dimension.self, forKey: .past),
      scale: try members.decodeIfPresent(Float.self, forKey: .scale) ?? 1)
  }
}

extension GraphBuilder {
  /// ``LightningIndexer``
  public func lightningIndexer(
    queries: Value, keys: Value, weights: Value, count: Int, past: Dimension, scale: Float = 1, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(
      LightningIndexer(count: count, past: past, scale: scale), [queries, keys, weights], label, file, line)
  }
}
