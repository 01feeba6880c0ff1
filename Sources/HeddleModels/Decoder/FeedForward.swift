import HeddleGraph

/// What a layer computes of each token by itself.
public enum FeedForward: Hashable, Sendable {
  case gated(GatedFeedForward)
}

/// `down · (activation(gate · x) ⊙ (up · x))`, F hidden values.
///
/// - Source: Shazeer, *GLU Variants Improve Transformer*, 2020.
public struct GatedFeedForward: Hashable, Codable, Sendable {
  /// F.
  public let width: Int
  public let activation: Activation
  /// Biases of gate, up and down.
  public let bias: Presence
}

extension FeedForward: Codable {
  private enum Kind: String, CodingKey { case gated }

  public init(from decoder: any Decoder) throws {
    self = .gated(try decoder.container(keyedBy: Kind.self).decode(GatedFeedForward.self, forKey: .gated))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    switch self {
    case .gated(let block): try container.encode(block, forKey: .gated)
    }
  }
}
