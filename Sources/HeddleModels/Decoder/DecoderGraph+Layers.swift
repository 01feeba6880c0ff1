import HeddleGraph
import HeddleTypes

/// A layer: its two branches, what normalizes them, and how they are added.
extension DecoderGraph {
  /// x after a layer of a run: see ``LayerRun``.
  func layered(_ x: Value, _ run: LayerRun, _ layer: Int, _ positions: Value) throws(GraphError) -> Value {
    func mixed(_ x: Value) throws(GraphError) -> Value {
      try branch(x, run.mixerNorms, layer) { (x) throws(GraphError) in
        switch run.mixer {
        case .grouped(let attention): try attended(x, attention, layer, positions)
        case .latent(let attention): try attended(x, attention, layer, positions)
        }
      }
    }
    func fed(_ x: Value) throws(GraphError) -> Value {
      try branch(x, run.feedForwardNorms, layer) { (x) throws(GraphError) in
        switch run.feedForward {
        case .gated(let block): try gated(x, block, layer)
        case .plain(let block): try plain(x, block, layer)
        case .experts(let block): try routed(x, block, layer)
        }
      }
    }
    func added(_ branch: Value, _ x: Value, _ label: String) throws(GraphError) -> Value {
      try builder.add(scaled(branch, run.residualScale, "residual_scale"), x, label: label)
    }
    let residual = try added(mixed(x), x, "attn_residual")
    return try added(fed(run.form == .parallel ? x : residual), residual, "ffn_residual")
  }

  /// What a branch makes of x, normalized before and after.
  private func branch(
    _ x: Value, _ norms: BranchNorms, _ layer: Int, _ body: (Value) throws(GraphError) -> Value
  ) throws(GraphError) -> Value {
    let y = try body(norms.before.map { (norm) throws(GraphError) in try normalized(x, norm, layer) } ?? x)
    return try norms.after.map { (norm) throws(GraphError) in try normalized(y, norm, layer) } ?? y
  }

  private func gated(_ x: Value, _ block: GatedFeedForward, _ layer: Int) throws(GraphError) -> Value {
    let (function, name) = (Unary.Function(block.activation), block.activation.rawValue)
    var (gate, up): (Value, Value)
    switch block.layout {
    case .apart:
      gate = try linear(
        x, "ffn_gate", outputs: block.width, inputs: decoder.width, block.bias, layer, channelAxis: 0)
      gate = try builder.unary(function, gate, label: "ffn_gate_\(name)")
      up = try linear(x, "ffn_up", outputs: block.width, inputs: decoder.width, block.bias, layer, channelAxis: 0)
    case .joint:
      let both = try linear(x, "ffn_up", outputs: 2 &* block.width, inputs: decoder.width, block.bias, layer)
      let width = Dimension(block.width)
      gate = try builder.slice(both, axis: 1, start: 0, count: width, label: "ffn_gate")
      gate = try builder.unary(function, gate, label: "ffn_gate_\(name)")
      up = try builder.slice(both, axis: 1, start: width, count: width, label: "ffn_up")
    }
    return try linear(
      builder.multiply(gate, up, label: "ffn_\(name)"), "ffn_down", outputs: decoder.width, inputs: block.width,
      block.bias, layer, channelAxis: block.layout == .apart ? 1 : nil)
  }

  private func plain(_ x: Value, _ block: PlainFeedForward, _ layer: Int) throws(GraphError) -> Value {
    let up = try linear(x, "ffn_up", outputs: block.width, inputs: decoder.width, block.bias, layer)
    let name = block.activation.rawValue
    var hidden = try builder.unary(Unary.Function(block.activation), up, label: "ffn_\(name)")
    if block.isSquared { hidden = try builder.multiply(hidden, hidden, label: "ffn_squared") }
    return try linear(hidden, "ffn_down", outputs: decoder.width, inputs: block.width, block.bias, layer)
  }

  private func normalized(_ x: Value, _ norm: NamedNorm, _ layer: Int) throws(GraphError) -> Value {
    var name = norm.name
    if let alternative = norm.alternative, !tensors.has("\(prefix(layer))\(name).weight") { name = alternative }
    return try normalized(x, norm.norm, name, layer)
  }

  /// - Parameter length: how many values there are; D if nil.
  func normalized(
    _ x: Value, _ norm: Norm, _ name: String, _ layer: Int?, length: Int? = nil
  ) throws(GraphError) -> Value {
    let width = length ?? decoder.width
    if case .plainLayer = norm {
      guard let ones = try ones(width) else { return x }
      return try normalized(x, norm, weight: ones, bias: nil, label: name)
    }
    let weight = try float32(require("\(prefix(layer))\(name).weight", [width], layer))
    var bias: Value?
    if case .layer(_, let presence) = norm {
      bias = try tensor("\(prefix(layer))\(name).bias", [width], presence, layer).map { (bias) throws(GraphError) in
        try float32(bias)
      }
    }
    return try normalized(x, norm, weight: weight, bias: bias, label: name)
  }

  func normalized(
    _ x: Value, _ norm: Norm, weight: Value, bias: Value?, label: String
  ) throws(GraphError) -> Value {
    switch norm {
    case .rootMeanSquare(let epsilon): try builder.rmsNorm(x, weight: weight, epsilon: epsilon, label: label)
    case .layer(let epsilon, _), .plainLayer(let epsilon):
      try builder.layerNorm(x, weight: weight, bias: bias, epsilon: epsilon, label: label)
    }
  }
}
