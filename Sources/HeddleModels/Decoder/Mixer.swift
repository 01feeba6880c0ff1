import HeddleGraph

/// How a layer lets tokens see each other.
public enum Mixer: Hashable, Sendable {
  case grouped(GroupedAttention)
}

/// Causal attention whose query heads share key and value heads in groups.
///
/// ```
/// q = rotary(norm(Wq · x)) [H, K],  k = rotary(norm(Wk · x)) [G, K],  v = Wv · x [G, E]
/// y = Wo · concat over heads h of softmax(scale · q[h] · k[g]ᵀ) · v[g],  g = ⌊h · G / H⌋
/// ```
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
  /// What each head of queries and of keys is normalized by, with one weight for all heads of either; nil if by nothing.
  public let headNorm: Norm?
  public let rotary: Rotary
  /// Biases of Wq, Wk and Wv.
  public let inputBias: Presence
  /// A bias of Wo.
  public let outputBias: Presence
}

/// How positions turn the heads of queries and keys: see ``RotaryEmbedding``.
public struct Rotary: Hashable, Codable, Sendable {
  /// Which values of a head are a pair, as the family's files store heads.
  public let pairing: RotaryEmbedding.Pairing
  public let base: Float
  /// How many of a head's values are turned, from the first on; an even number.
  public let dimensions: Int
  /// What positions are multiplied with.
  public let frequencyScale: Float
  /// Factors that frequencies are divided by, `[dimensions / 2]`.
  public let factors: Presence
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
