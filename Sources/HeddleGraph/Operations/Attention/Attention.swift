/// Causal grouped-query attention of a chunk of tokens over a cache of keys and values.
///
/// ```
/// y[t, h, :] = Σ_j p[t, h, j] · values[j, g, :]      p = softmax_j(scale · queries[t, h, :] · keys[j, g, :])
/// j ≤ past + t,   g = ⌊h / (Hq / Hkv)⌋
/// ```
///
/// - queries `[T, Hq, D]` float32; keys `[C, Hkv, D]` and values `[C, Hkv, E]`, each float32, float16 or bfloat16 and read
///   as float32; result `[T, Hq, E]` float32. T tokens, C cache capacity, Hq a multiple of Hkv.
/// - Rows past `past + t` do not count for t: what they hold cannot leak.
/// - Keys are visited in chunks of fixed positions, merged in order: a query's bits do not depend on how many
///   queries run with it.
/// - Source: Ainslie et al., *GQA*, 2023; Dao et al., *FlashAttention*, 2022 (online softmax).
public struct Attention: GraphOperation {
  public static let description = OperationDescription(
    "attention", family: "Attention",
    "y[t, h, :] = Σ_j softmax_j(scale · queries[t, h, :] · keys[j, g, :]) · values[j, g, :], j ≤ past + t, g = ⌊h / (Hq / Hkv)⌋",
    operands: [
      .init("queries", "[T, Hq, D] f32"), .init("keys", "[C, Hkv, D] f32, f16 or bf16"),
      .init("values", "[C, Hkv, E] f32, f16 or bf16"),
    ],
    members: [.init("past", .dimension), .init("scale", .number)], result: "[T, Hq, E] f32")

  public var scale: Float
  /// Tokens in the cache before this chunk.
  public var past: Dimension

  public init(scale: Float, past: Dimension) {
    self.scale = scale
    self.past = past
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let queries = try operands.float32("queries", rank: 3)
    let keys = try operands.denseFloats("keys", rank: 3)
    let values = try operands.denseFloats("values", rank: 3)
    try operands.equal(keys.extent(0), values.extent(0), "the capacity of keys and of values")
    try operands.equal(keys.extent(1), values.extent(1), "the heads of keys and of values")
    try operands.equal(queries.extent(2), keys.extent(2), "the head dimension of queries and of keys")
    guard let queryHeads = queries.extent(1).constant, let keyHeads = keys.extent(1).constant,
      queries.extent(2).constant != nil, values.extent(2).constant != nil
    else { throw .type("head counts and head dimensions must be fixed, got \(queries), \(keys), \(values)") }
    guard keyHeads > 0, queryHeads % keyHeads == 0 else {
      throw .type("query heads must be a multiple of key heads, got \(queryHeads) and \(keyHeads)")
    }
    guard scale.isFinite else { throw .attribute("scale", "must be finite, got \(scale)") }
    try operands.require(past, "past")
    return [TensorType(.float32, [queries.extent(0), queries.extent(1), values.extent(2)])]
  }

  public func capacities(_ operands: [TensorType]) -> [Capacity] {
    guard let queries = operands.first, let keys = operands.dropFirst().first else { return [] }
    return [Capacity(first: past, count: queries.extent(0), capacity: keys.extent(0))]
  }
}

extension GraphBuilder {
  /// ``Attention``
  public func attention(
    queries: Value, keys: Value, values: Value, past: Dimension, scale: Float, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Attention(scale: scale, past: past), [queries, keys, values], label, file, line)
  }
}
