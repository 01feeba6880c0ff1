import HeddleGraph

/// What a gate keeps from step to step: see ``ExpertOptions``.
struct MovingGate {
  /// What steps have moved the bias of the choice by, `[E]` float32; nil if they do not.
  let moved: Value?
  /// How often the step before chose each expert, `[E]` int32; nil if nothing is divided by it.
  let load: Value?
  private let experts: Int
  private let layer: Int
  private let options: ExpertOptions

  init(
    _ block: ExpertFeedForward, _ layer: Int, _ options: ExpertOptions, _ builder: GraphBuilder
  ) throws(GraphError) {
    (experts, self.layer, self.options) = (block.count, layer, options)
    let shape = [Dimension(block.count)]
    moved = options.feedbackRate == nil ? nil : try builder.state("expert_bias.\(layer)", .float32, shape)
    load = options.loadEpsilon == nil ? nil : try builder.state("expert_load.\(layer)", .int32, shape)
  }

  /// Lets a step's choice move what is kept. Gives how often each expert was chosen, if that was asked for.
  ///
  /// - Parameter steps: 1 if the step moves the bias, else 0.
  func update(_ indices: Value, steps: Dimension, _ builder: GraphBuilder) throws(GraphError) -> Value? {
    guard options.countsLoad || load != nil || moved != nil else { return nil }
    let counts = try builder.expertCounts(indices, experts: experts, label: "ffn_route_counts")
    if let moved, let rate = options.feedbackRate {
      let next = try builder.balanceBias(moved, counts: counts, rate: rate, steps: steps, label: "ffn_route_balance")
      try builder.update(state: "expert_bias.\(layer)", to: next)
    }
    if load != nil { try builder.update(state: "expert_load.\(layer)", to: counts) }
    return options.countsLoad ? counts : nil
  }
}
