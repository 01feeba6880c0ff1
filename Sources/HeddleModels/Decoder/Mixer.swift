import HeddleGraph

/// How a layer lets tokens see each other.
public enum Mixer: Hashable, Sendable {
  case grouped(GroupedAttention)
}

/// Causal attention whose query heads share key and value heads in groups.
///
/// ```
/// q = rotary(norm(Wq · x)) [H, K],  k = rotary(norm(Wk · x)) [G, K],  v = Wv · x [G, E]
/// y = Wo · concat over heads h of softmax(cap(scale · q[h] · k[g]ᵀ)) · v[g],  g = ⌊h · G / H⌋
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
  /// Biases of Wq, Wk and Wv.
  public let inputBias: Presence
  /// A bias of Wo.
  public let outputBias: Presence
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
  private enum Kind: String, CodingKey { case grouped }

  public init(from decoder: any Decoder) throws {
    self = .grouped(try decoder.container(keyedBy: Kind.self).decode(GroupedAttention.self, forKey: .grouped))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    switch self {
    case .grouped(let attention): try container.encode(attention, forKey: .grouped)
    }
  }
}
