import HeddleGraph

/// What a layer computes of each token by itself.
public enum FeedForward: Hashable, Sendable {
  case gated(GatedFeedForward)
  case plain(PlainFeedForward)
  case experts(ExpertFeedForward)
}

/// `down · (activation(gate · x) ⊙ (up · x))`, F hidden values.
///
/// - Source: Shazeer, *GLU Variants Improve Transformer*, 2020.
public struct GatedFeedForward: Hashable, Codable, Sendable {
  public enum Layout: String, Hashable, Codable, Sendable {
    /// `ffn_gate` and `ffn_up`, both [F, D].
    case apart
    /// `ffn_up` [2F, D], the gate's rows first.
    case joint
  }

  /// F.
  public let width: Int
  public let activation: Activation
  /// Biases of gate, up and down.
  public let bias: Presence
  public let layout: Layout

  public init(width: Int, activation: Activation, bias: Presence, layout: Layout = .apart) {
    self.width = width
    self.activation = activation
    self.bias = bias
    self.layout = layout
  }
}

/// `down · activation(up · x)`, F hidden values; or `down · activation(up · x)²`.
public struct PlainFeedForward: Hashable, Codable, Sendable {
  /// F.
  public let width: Int
  public let activation: Activation
  /// Whether what the activation gives is squared.
  ///
  /// - Source: So et al., *Primer: Searching for Efficient Transformers for Language Modeling*, 2021.
  public let isSquared: Bool
  /// Biases of up and down.
  public let bias: Presence
}

extension FeedForward: Codable {
  private enum Kind: String, CodingKey { case gated, plain, experts }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Kind.self)
    if container.contains(.plain) {
      self = .plain(try container.decode(PlainFeedForward.self, forKey: .plain))
    } else if container.contains(.experts) {
      self = .experts(try container.decode(ExpertFeedForward.self, forKey: .experts))
    } else {
      self = .gated(try container.decode(GatedFeedForward.self, forKey: .gated))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    switch self {
    case .gated(let block): try container.encode(block, forKey: .gated)
    case .plain(let block): try container.encode(block, forKey: .plain)
    case .experts(let block): try container.encode(block, forKey: .experts)
    }
  }
}
