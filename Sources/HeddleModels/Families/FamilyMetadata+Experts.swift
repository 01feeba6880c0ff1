import HeddleGraph

/// What a family says of the experts of a layer beside what its files do.
struct ExpertForm {
  /// What a token shares with all others.
  enum Shared {
    case nothing
    /// As wide as `expert_shared_count` experts.
    case counted
    /// As wide as `expert_shared_feed_forward_length` says, or the dense feed-forward; a token says how much of it.
    case weighted
  }

  /// Where files do not say it by `expert_gating_func`.
  var scores = Route.Scores.softmax
  /// Where files do not say it by `expert_weights_norm`.
  var normalizes = false
  var bias = Presence.absent
  var shared = Shared.nothing
  /// Of router, gate, up and down.
  var linearBias = Presence.absent
  var clampedGate: ClampedGate?
}

extension FamilyMetadata {
  /// `expert_count`; 0 if it is absent.
  mutating func expertCount() throws(ModelError) -> Int {
    try integer("expert_count", in: 0...Limits.count, default: 0)
  }

  /// `expert_feed_forward_length` (of all layers, or of each; `feed_forward_length`, if absent) and the keys of the choice.
  mutating func expertFeedForward(_ layer: Int, _ form: ExpertForm) throws(ModelError) -> FeedForward {
    let count = try integer("expert_count", in: 1...Limits.count)
    let hasOwn = has("expert_feed_forward_length")
    let width =
      try hasOwn
      ? integer("expert_feed_forward_length", of: layer, in: 1...Limits.width)
      : integer("feed_forward_length", of: layer, in: 1...Limits.width)
    // Of dense layers, where there are any.
    ignore(["feed_forward_length"])
    return .experts(
      ExpertFeedForward(
        count: count, width: width, activation: .silu, clampedGate: form.clampedGate, bias: form.linearBias,
        routing: try expertRouting(form, count),
        shared: try sharedExpert(form, width, layer)))
  }

  /// Counts the keys of experts as honoured, of a model that has none in any layer.
  mutating func ignoreExperts() {
    ignore([
      "expert_count", "expert_used_count", "expert_shared_count", "expert_feed_forward_length", "expert_group_count",
      "expert_group_used_count", "expert_weights_scale", "expert_weights_norm", "expert_gating_func",
    ])
  }

  /// `expert_used_count`, `expert_gating_func` (1 softmax, 2 sigmoid, 3 softmax of what is chosen, 4 √softplus),
  /// `expert_weights_norm`, `expert_weights_scale`, and the groups.
  private mutating func expertRouting(_ form: ExpertForm, _ count: Int) throws(ModelError) -> ExpertRouting {
    let number = try integer("expert_gating_func", in: 0...4, default: 0)
    let known: [Route.Scores] = [form.scores, .softmax, .sigmoid, .softmaxOfChosen, .sqrtSoftplus]
    let scores = known[at: number] ?? form.scores
    let chosen = try integer("expert_used_count", in: 1...Limits.count)
    guard chosen <= count else { throw invalid("expert_used_count", chosen, "there are \(count) experts") }
    let normalizes = try flag("expert_weights_norm", default: form.normalizes)
    let groups = try expertGroups(scores, count, chosen)
    return ExpertRouting(
      chosen: chosen, scores: scores, groups: groups, normalizes: normalizes,
      scale: try factor("expert_weights_scale"), bias: form.bias)
  }

  /// `expert_group_count` and `expert_group_used_count`; nil if all experts are one group. A group's score is that of its
  /// two best experts where scores are sigmoids, of its best one where they are a softmax.
  ///
  /// - Source: DeepSeek-AI, *DeepSeek-V2*, 2024, `group_limited_greedy`; *DeepSeek-V3 Technical Report*, 2024, `noaux_tc`.
  private mutating func expertGroups(
    _ scores: Route.Scores, _ count: Int, _ chosen: Int
  ) throws(ModelError) -> Route.Groups? {
    let groups = try integer("expert_group_count", in: 0...Limits.count, default: 0)
    let kept = try integer("expert_group_used_count", in: 0...Limits.count, default: groups)
    guard groups > 1 else { return nil }
    guard count.isMultiple(of: groups) else {
      throw invalid("expert_group_count", groups, "the \(count) experts are not a multiple of it")
    }
    guard (1...groups).contains(kept), kept &* count.divided(by: groups) >= chosen else {
      throw invalid("expert_group_used_count", kept, "of \(groups) groups so many must have \(chosen) experts")
    }
    return Route.Groups(count: groups, kept: kept, score: scores == .sigmoid ? .sumOfTwoGreatest : .greatest)
  }

  private mutating func sharedExpert(
    _ form: ExpertForm, _ width: Int, _ layer: Int
  ) throws(ModelError) -> SharedExpert? {
    switch form.shared {
    case .nothing: return nil
    case .counted:
      let count = try integer("expert_shared_count", in: 0...Limits.count, default: 0)
      return count == 0 ? nil : SharedExpert(width: count &* width, isWeighted: false)
    case .weighted:
      let hasOwn = has("expert_shared_feed_forward_length")
      let name = hasOwn ? "expert_shared_feed_forward_length" : "feed_forward_length"
      return SharedExpert(width: try integer(name, of: layer, in: 1...Limits.width), isWeighted: true)
    }
  }
}
