import HeddleGraph
import HeddleTypes

/// Feed-forward by experts: see ``ExpertFeedForward``.
extension DecoderGraph {
  /// What was chosen in the latest layer that has experts.
  final class ChosenExperts {
    /// The experts of each token and their weights; and how often each was chosen, if that was asked for.
    struct Layer {
      var layer: Int
      var indices: Value
      var weights: Value
      var counts: Value?
    }

    var latest: Layer?
  }

  /// What a token's experts make of normalized x, and what all tokens share.
  func routed(_ x: Value, _ block: ExpertFeedForward, _ layer: Int) throws(GraphError) -> Value {
    let (indices, weights) = try chosenExperts(x, block, layer)
    func product(_ x: Value, _ name: String, outputs: Int, inputs: Int) throws(GraphError) -> Value {
      let w = try require("\(prefix(layer))\(name).weight", [block.count, outputs, inputs], layer)
      let bias = try tensor("\(prefix(layer))\(name).bias", [block.count, outputs], block.bias, layer)
      return try builder.matmulByExpert(
        x, w, indices: indices, bias: bias.map { (bias) throws(GraphError) in try float32(bias) }, label: name)
    }
    let (gate, up) =
      if tensors.has("\(prefix(layer))ffn_gate_up_exps.weight") {
        try halves(product(x, "ffn_gate_up_exps", outputs: 2 &* block.width, inputs: decoder.width), block.width)
      } else {
        (
          try product(x, "ffn_gate_exps", outputs: block.width, inputs: decoder.width),
          try product(x, "ffn_up_exps", outputs: block.width, inputs: decoder.width)
        )
      }
    let hidden = try gated(gate, up, block)
    let parts = try product(hidden, "ffn_down_exps", outputs: decoder.width, inputs: block.width)
    let y = try builder.weightedSum(parts, weights: weights, label: "ffn_exps")
    guard let shared = block.shared else { return y }
    return try builder.add(y, sharedByAll(x, shared, block.activation, layer), label: "ffn_shared")
  }

  /// The first and the second values of rows twice as long.
  private func halves(_ x: Value, _ width: Int) throws(GraphError) -> (gate: Value, up: Value) {
    let gate = try builder.slice(x, axis: 2, start: 0, count: Dimension(width), label: "ffn_gate_exps")
    return (gate, try builder.slice(x, axis: 2, start: Dimension(width), count: Dimension(width), label: "ffn_up_exps"))
  }

  /// What experts make of their gate's and up's values.
  private func gated(_ gate: Value, _ up: Value, _ block: ExpertFeedForward) throws(GraphError) -> Value {
    if let clamp = block.clampedGate { return try clamped(gate, up, clamp) }
    let name = "ffn_exps_\(block.activation.rawValue)"
    let opened = try builder.unary(.init(block.activation), gate, label: name)
    return try builder.multiply(opened, up, label: "ffn_gate_up_exps")
  }

  /// The experts of each token, and how much of each.
  private func chosenExperts(
    _ x: Value, _ block: ExpertFeedForward, _ layer: Int
  ) throws(GraphError) -> (indices: Value, weights: Value) {
    let routing = block.routing
    let router = try require("\(prefix(layer))ffn_gate_inp.weight", [block.count, decoder.width], layer)
    let gate = try MovingGate(block, layer, options.experts, builder)
    let bias = try choiceBias(gate.moved, block, layer)
    let logits = try biased(
      builder.matmul(x, router, label: "ffn_gate_inp"), "ffn_gate_inp", block.count, block.bias, layer)
    let (indices, weights) = try builder.route(
      logits, count: routing.chosen, scores: routing.scores,
      groups: routing.groups, used: usedExperts, normalizes: routing.normalizes, scale: routing.scale, bias: bias,
      load: gate.load, epsilon: options.experts.loadEpsilon ?? 1, label: "ffn_route")
    let counts = try gate.update(indices, steps: movesBias ?? 1, builder)
    chosen.latest = .init(layer: layer, indices: indices, weights: weights, counts: counts)
    return (indices, weights)
  }

  /// What chooses experts and does not weigh them: the file's bias, and what steps have moved it by.
  private func choiceBias(_ moved: Value?, _ block: ExpertFeedForward, _ layer: Int) throws(GraphError) -> Value? {
    let name = "\(prefix(layer))exp_probs_b.bias"
    let bias = try tensor(name, [block.count], block.routing.bias, layer)
    guard let bias, !options.experts.leavesBias else { return moved }
    let own = try float32(bias)
    return if let moved { try builder.add(own, moved, label: "ffn_route_bias") } else { own }
  }

  /// `(u + 1) ⊙ g ⊙ sigmoid(slope · g)`, g and u the gate's and up's values cut off.
  private func clamped(_ gate: Value, _ up: Value, _ clamp: ClampedGate) throws(GraphError) -> Value {
    let steep = try scaled(atMost(clamp.limit, gate, "ffn_clamp"), clamp.slope, "ffn_gate_slope")
    let glu = try scaled(
      builder.unary(.silu, steep, label: "ffn_exps_silu"), 1 / clamp.slope, "ffn_gate_slope_inverse")
    var factor = try clamped(up, clamp.limit, "ffn_clamp")
    if let one = try computed.add("heddle.one", [1], to: builder) {
      factor = try builder.add(factor, one, label: "ffn_up_exps_and_one")
    }
    return try builder.multiply(glu, factor, label: "ffn_exps_clamped")
  }

  private func sharedByAll(
    _ x: Value, _ shared: SharedExpert, _ activation: Activation, _ layer: Int
  ) throws(GraphError) -> Value {
    let (function, name) = (Unary.Function(activation), activation.rawValue)
    let gate = try builder.unary(
      function, linear(x, "ffn_gate_shexp", outputs: shared.width, inputs: decoder.width, .absent, layer),
      label: "ffn_shexp_\(name)")
    let up = try linear(x, "ffn_up_shexp", outputs: shared.width, inputs: decoder.width, .absent, layer)
    let y = try linear(
      builder.multiply(gate, up, label: "ffn_gate_up_shexp"), "ffn_down_shexp", outputs: decoder.width,
      inputs: shared.width, .absent, layer)
    guard shared.isWeighted else { return y }
    let row = try float32(require("\(prefix(layer))ffn_gate_inp_shexp.weight", [decoder.width], layer, mayBeRow: true))
    let logits = try builder.matmul(
      x, builder.reshape(row, to: [1, Dimension(decoder.width)]), label: "ffn_gate_inp_shexp")
    return try builder.multiply(
      y, builder.unary(.sigmoid, logits, label: "ffn_shexp_weight"), label: "ffn_shexp_weighted")
  }
}
