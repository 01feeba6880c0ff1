/// What chooses the keys that a token's ``LatentAttention`` sees: scores of many small heads that share one key.
///
/// ```
/// q = rotary(Wq · c) [H, D]         c: what the attention makes its queries of
/// k = rotary(norm(Wk · x)) [D]      what a token keeps, beside what the attention does
/// w = Ww · x [H]
/// I[s] = 1 / √(H · D) · Σ_h w[h] · max(0, q[h] · k[s])
/// ```
///
/// Of the keys up to its own a token sees those of the `count` greatest I, of equals the first ones; all, while there are no more.
///
/// Files have Wq, Wk, norm and Ww as `indexer.attn_q_b` [H · D, values of c], `indexer.attn_k` [D, width], `indexer.k_norm` and
/// `indexer.proj` [H, width].
///
/// - Source: DeepSeek-AI, *DeepSeek-V3.2*, 2025. Its Hadamard transform turns queries and keys alike, and is left out.
public struct LatentIndexer: Hashable, Codable, Sendable {
  /// H.
  public let headCount: Int
  /// D: values of a query head and of a key.
  public let keyLength: Int
  /// How many keys a token sees at most.
  public let count: Int
  /// What is applied to keys before they are turned.
  public let norm: Norm
  /// Of the first values of heads and keys.
  public let rotary: Rotary

  /// What sums are multiplied with.
  public var scale: Float { Float(1 / Double(headCount &* keyLength).squareRoot()) }
}
