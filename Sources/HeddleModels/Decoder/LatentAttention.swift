/// Causal attention whose heads share one latent of each token, from which each makes its keys and values.
///
/// ```
/// q = Wqb · norm(Wqa · x), or Wq · x, [H, N + R]: of each head N plain values, then R that are turned
/// (c, r) = Wkva · x [C + R],  c = norm(c),  r = rotary(r)              what a token keeps
/// q'[h] = (Wk[h]ᵀ · q[h, ..<N], rotary(q[h, N...])) [C + R]            Wk[h] [N, C] makes keys of a latent
/// o[h] = softmax(scale · q'[h] · (c, r)ᵀ) · c [C]                      values are the first C of the keys
/// y = Wo · concat over heads h of Wv[h] · o[h]                         Wv[h] [E, C] makes values of a latent
/// ```
///
/// With an ``indexer`` the softmax is of the keys that it chooses, else of all up to the token's own.
///
/// Keys and values of heads are never made: Wk is absorbed into queries and Wv into the output. A token keeps C + R values,
/// whatever H is.
///
/// Files have Wk and Wv apart (`attn_k_b` [H, C, N], `attn_v_b` [H, E, C]), or, older ones, head by head one under the other
/// (`attn_kv_b` [H · (N + E), C]).
///
/// - Source: DeepSeek-AI, *DeepSeek-V2*, 2024.
public struct LatentAttention: Hashable, Codable, Sendable {
  /// H.
  public let headCount: Int
  /// Values between Wqa and Wqb; nil if queries are `Wq · x`.
  public let queryRank: Int?
  /// C.
  public let latentLength: Int
  /// N: values of a query head that are not turned.
  public let plainLength: Int
  /// E: values of a value head.
  public let valueLength: Int
  /// What products of queries and keys are multiplied with.
  public let scale: Float
  /// What is applied between Wqa and Wqb, and to c.
  public let norm: Norm
  /// Of R dimensions.
  public let rotary: Rotary
  /// What chooses the keys that a token sees; nil if it sees all up to its own.
  public let indexer: LatentIndexer?

  /// R: values of a query head that are turned, and of the key that all heads share.
  public var turnedLength: Int { rotary.dimensions }

  /// C + R: what a token keeps.
  public var keyLength: Int { latentLength &+ turnedLength }
}
