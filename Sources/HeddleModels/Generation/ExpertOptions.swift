import HeddleTypes

/// What of a model's experts is counted, chosen or moved beside what its file says. Models without experts ignore it.
///
/// ```
/// c[e] = scores[e] / (load[e] + epsilon) + bias[e]            what experts are chosen by
/// bias ← bias + rate · sign(mean(counts) − counts[e])         after each step that moves biases, by its counts
/// load ← counts                                               after each step
/// ```
///
/// What moved biases and the load are states of the graph, `expert_bias.N` and `expert_load.N`: zeros at first, and kept by
/// ``ModelSession/rewind(to:)``.
///
/// - Source: Wang et al., *Auxiliary-Loss-Free Load Balancing Strategy for Mixture-of-Experts*, 2024.
public struct ExpertOptions: Hashable, Sendable {
  /// Whether sessions count how often each expert is chosen: ``ModelSession/expertLoad``.
  public var countsLoad: Bool
  /// Whether steps choose how many experts a token uses: ``Symbol/usedExperts``.
  public var choosesCount: Bool
  /// Whether experts are chosen without the file's bias.
  public var leavesBias: Bool
  /// The rate by which steps move biases, finite; nil if they do not. Steps choose by ``Symbol/movesBias`` whether they do.
  public var feedbackRate: Float?
  /// What is added to the load, finite and above 0, by which scores are divided; nil if they are not.
  public var loadEpsilon: Float?

  public init(
    countsLoad: Bool = false, choosesCount: Bool = false, leavesBias: Bool = false, feedbackRate: Float? = nil,
    loadEpsilon: Float? = nil
  ) {
    self.countsLoad = countsLoad
    self.choosesCount = choosesCount
    self.leavesBias = leavesBias
    self.feedbackRate = feedbackRate
    self.loadEpsilon = loadEpsilon
  }

  /// What each step of a model may choose.
  func stepOptions(_ decoder: DecoderDescription) -> [StepOption] {
    let counts = Set(decoder.expertLayers.map(\.routing.chosen))
    guard let most = counts.max() else { return [] }
    var options: [StepOption] = []
    // One number for all layers.
    if choosesCount, counts.count == 1 {
      options.append(StepOption(symbol: .usedExperts, title: "experts", range: 1...max(1, most), fallback: most))
    }
    if feedbackRate != nil {
      options.append(StepOption(symbol: .movesBias, title: "moves biases", range: 0...1, fallback: 1))
    }
    return options
  }
}

extension Symbol {
  /// Bound by ``StepOption``s of models opened with ``ExpertOptions/choosesCount``: how many experts a token uses, the best first.
  public static let usedExperts: Symbol = "used_experts"
  /// Bound by ``StepOption``s of models opened with ``ExpertOptions/feedbackRate``: 1 if the step moves biases, else 0.
  public static let movesBias: Symbol = "moves_bias"
}

extension DecoderDescription {
  /// The feed-forward of each layer of experts.
  var expertLayers: [ExpertFeedForward] {
    layers.flatMap { run -> [ExpertFeedForward] in
      guard case .experts(let experts) = run.feedForward else { return [] }
      // Traps: never (clamped-count).
      return [ExpertFeedForward](filled: experts, count: max(0, run.count))
    }
  }
}
