import HeddleGraph
import RealModule

/// How a layer lets tokens see each other.
public enum Mixer: Hashable, Sendable {
  case grouped(GroupedAttention)
  case latent(LatentAttention)

  /// Values of the rows that caches have.
  var cachedLengths: [Int] {
    switch self {
    case .grouped(let attention): [attention.keyLength, attention.valueLength]
    case .latent(let attention): [attention.keyLength] + (attention.indexer.map { [$0.keyLength] } ?? [])
    }
  }
}

/// Causal attention whose query heads share key and value heads in groups.
///
/// ```
/// q = rotary(norm(clamp(Wq · x))) [H, K],  k = rotary(norm(clamp(Wk · x))) [G, K],  v = clamp(Wv · x) [G, E]
/// y = Wo · concat over heads h of softmax(cap(scale · q[h] · k[g]ᵀ) − slope[h] · distance) · v[g],  g = ⌊h · G / H⌋
///     with e^sink[h] in the softmax's sum, if there are sinks
/// ```
///
/// Files have Wq, Wk and Wv apart (`attn_q`, `attn_k`, `attn_v`) or one under the other (`attn_qkv`).
///
/// - Source: Ainslie et al., *GQA*, 2023; the norms of heads: Henry et al., *Query-Key Normalization*, 2020.
public struct GroupedAttention: Hashable, Codable, Sendable {
  /// H: query heads, a multiple of G.
  public let headCount: Int
  /// G: key and value heads.
  public let keyValueHeadCount: Int
  /// K: values of a query or key head.
  public let keyLength: Int
  /// E: values of a value head.
  public let valueLength: Int
  /// What products of queries and keys are multiplied with.
  public let scale: Float
  /// What queries and keys are normalized by before they are turned; nil if by nothing.
  public let headNorm: HeadNorm?
  /// Nil if nothing is turned.
  public let rotary: Rotary?
  /// How many keys a token sees at most, its own and those just before; nil for all.
  public let window: Int?
  /// The greatest magnitude of a score; nil for none.
  public let softCap: Float?
  /// The greatest magnitude of values of queries, keys and values as they are projected; nil for none.
  public let clamp: Float?
  /// How much of a score the distance of a key takes away; nil for nothing.
  public let distanceBias: DistanceBias?
  /// Biases of Wq, Wk and Wv.
  public let inputBias: Presence
  /// A bias of Wo.
  public let outputBias: Presence
  /// `attn_sinks` [H], a score beside those of keys, which has no value.
  ///
  /// - Source: OpenAI, *gpt-oss-120b & gpt-oss-20b Model Card*, 2025; Xiao et al., *Efficient Streaming Language Models with
  ///   Attention Sinks*, 2023.
  public let sinks: Presence
}

/// Attention with linear biases: a head's scores fall with distance, the more the earlier the head is.
///
/// With n the greatest power of two that is at most H, and m the maximum: `slope[h] = 2^(−m (h + 1) / n)` for h < n, then
/// `2^(−m (2(h − n) + 1) / 2n)`.
///
/// - Source: Press et al., *Train Short, Test Long: Attention with Linear Biases*, 2021.
public struct DistanceBias: Hashable, Codable, Sendable {
  /// m; 8 where files say nothing.
  public let maximum: Float

  /// One for each of so many heads.
  func slopes(heads: Int) -> [Float] {
    var power = 1
    while power <= heads / 2 { power &*= 2 }
    let step = -Double(maximum) / Double(power)
    return (0..<max(0, heads)).map { head in
      Float(Double.exp2(head < power ? step * Double(head &+ 1) : step / 2 * Double(2 &* (head &- power) &+ 1)))
    }
  }
}

/// How queries and keys are normalized, each with weights of their own (`attn_q_norm`, `attn_k_norm`).
public struct HeadNorm: Hashable, Codable, Sendable {
  public enum Extent: String, Hashable, Codable, Sendable {
    /// Each head by itself, with the same K weights.
    case head
    /// Each head by itself, with weights of its own: `[H, K]` and `[G, K]`.
    case eachHead
    /// All heads of a token together, with a weight for each value.
    case allHeads
  }

  public let norm: Norm
  public let extent: Extent
  public let presence: Presence

  init(norm: Norm, extent: Extent, presence: Presence = .required) {
    self.norm = norm
    self.extent = extent
    self.presence = presence
  }
}

extension Mixer: Codable {
  private enum Kind: String, CodingKey { case grouped, latent }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Kind.self)
    self =
      container.contains(.latent)
      ? .latent(try container.decode(LatentAttention.self, forKey: .latent))
      : .grouped(try container.decode(GroupedAttention.self, forKey: .grouped))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    switch self {
    case .grouped(let attention): try container.encode(attention, forKey: .grouped)
    case .latent(let attention): try container.encode(attention, forKey: .latent)
    }
  }
}
