/// Causal grouped-query attention of a chunk of tokens over a cache of keys and values.
///
/// ```
/// y[t, h, :] = Σ_j p[t, h, j] · values[j, g, :]      p = softmax_j(scale · queries[t, h, :] · keys[j, g, :])
/// j ≤ past + t,   g = ⌊h / (Hq / Hkv)⌋
/// ```
///
/// - queries `[T, Hq, D]`, keys `[C, Hkv, D]`, values `[C, Hkv, E]`, all float32; result `[T, Hq, E]`.
///   T tokens, C cache capacity, Hq a multiple of Hkv. Rows past `past + t` are not read: what they hold cannot leak.
/// - Keys are visited in chunks of fixed positions, merged in order: a query's bits do not depend on how many
///   queries run with it.
/// - Source: Ainslie et al., *GQA*, 2023; Dao et al., *FlashAttention*, 2022 (online softmax).
public struct CausalAttention: OperationPayload {
  public var scale: Float
  /// Tokens in the cache before this chunk.
  public var past: Dimension

  public init(scale: Float, past: Dimension) {
    self.scale = scale
    self.past = past
  }

  // Traps: never, the operands' ranks are checked first.
  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("queries", "keys", "values")
    let queries = try operands.float32(0, "queries", rank: 3)
    let keys = try operands.float32(1, "keys", rank: 3)
    let values = try operands.float32(2, "values", rank: 3)
    try operands.equal(keys.shape[0], values.shape[0], "the capacity of keys and of values")
    try operands.equal(keys.shape[1], values.shape[1], "the heads of keys and of values")
    try operands.equal(queries.shape[2], keys.shape[2], "the head dimension of queries and of keys")
    guard let queryHeads = queries.shape[1].constant, let keyHeads = keys.shape[1].constant,
      queries.shape[2].constant != nil, values.shape[2].constant != nil
    else { throw .type("head counts and head dimensions must be fixed, got \(queries), \(keys), \(values)") }
    guard keyHeads > 0, queryHeads % keyHeads == 0 else {
      throw .type("query heads must be a multiple of key heads, got \(queryHeads) and \(keyHeads)")
    }
    guard scale.isFinite else { throw .attribute("scale", "must be finite, got \(scale)") }
    try operands.require(past, "past")
    return [TensorType(.float32, [queries.shape[0], queries.shape[1], values.shape[2]])]
  }
}
