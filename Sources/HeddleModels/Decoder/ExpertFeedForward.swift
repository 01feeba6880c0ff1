import HeddleGraph

/// A feed-forward of E experts, of which each token has its own k, beside what all tokens share.
///
/// ```
/// (i, w) = route(router · x)                               k experts of E, and how much of each
/// y = Σ_j w[j] · down[i[j]] · (activation(gate[i[j]] · x) ⊙ (up[i[j]] · x))  +  s · shared(x)
/// s = sigmoid(sharedRouter · x), or 1
///
/// clamped: g = min(gate · x + b, limit),  u = min(max(up · x + b, −limit), limit),  (u + 1) ⊙ g ⊙ sigmoid(slope · g)
/// ```
///
/// | tensor of a layer | shape |
/// |---|---|
/// | `ffn_gate_inp.weight`, the router | [E, D] |
/// | `exp_probs_b.bias`, of the choice alone | [E] |
/// | `ffn_gate_exps.weight`, `ffn_up_exps.weight` / `ffn_down_exps.weight` | [E, F, D] / [E, D, F] |
/// | or `ffn_gate_up_exps.weight`, for each expert the gate's rows, then up's | [E, 2F, D] |
/// | `ffn_gate_inp.bias` / `ffn_gate_exps.bias`, `ffn_up_exps.bias` / `ffn_down_exps.bias` | [E] / [E, F] / [E, D] |
/// | `ffn_gate_shexp.weight`, `ffn_up_shexp.weight` / `ffn_down_shexp.weight` | [S, D] / [D, S] |
/// | `ffn_gate_inp_shexp.weight`, the shared router | [D] |
///
/// - Source: Shazeer et al., *Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer*, 2017; Dai et al.,
///   *DeepSeekMoE*, 2024.
public struct ExpertFeedForward: Hashable, Codable, Sendable {
  /// E.
  public let count: Int
  /// F.
  public let width: Int
  public let activation: Activation
  /// What takes the activation's place; nil if nothing does.
  public let clampedGate: ClampedGate?
  /// Biases of the router, and of gate, up and down.
  public let bias: Presence
  public let routing: ExpertRouting
  /// Nil if tokens share nothing.
  public let shared: SharedExpert?
}

/// A gate that is cut off: see ``ExpertFeedForward``.
///
/// - Source: OpenAI, *gpt-oss-120b & gpt-oss-20b Model Card*, 2025.
public struct ClampedGate: Hashable, Codable, Sendable {
  public let limit: Float
  public let slope: Float
}

/// How a token's experts are chosen: what ``Route`` says.
public struct ExpertRouting: Hashable, Codable, Sendable {
  /// k.
  public let chosen: Int
  public let scores: Route.Scores
  /// Groups of experts of which some are left out at first; nil if there are none.
  public let groups: Route.Groups?
  /// Whether weights are divided by their sum.
  public let normalizes: Bool
  public let scale: Float
  /// Of a bias of the choice alone.
  public let bias: Presence
}

/// A gated feed-forward of all tokens beside experts.
public struct SharedExpert: Hashable, Codable, Sendable {
  /// S.
  public let width: Int
  /// Whether a token says how much it takes of it.
  public let isWeighted: Bool
}
