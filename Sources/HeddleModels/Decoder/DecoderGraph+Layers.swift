import HeddleGraph
import HeddleTypes

/// The parts of a layer.
extension DecoderGraph {
  /// What the mixer of a layer makes of normalized x.
  func mixed(
    _ x: Value, _ mixer: Mixer, _ layer: Int, _ positions: Value, _ factors: Value?
  ) throws(GraphError) -> Value {
    switch mixer {
    case .grouped(let attention): try attended(x, attention, layer, positions, factors)
    }
  }

  /// What the feed-forward block of a layer makes of normalized x.
  func fed(_ x: Value, _ block: FeedForward, _ layer: Int) throws(GraphError) -> Value {
    switch block {
    case .gated(let block): try gated(x, block, layer)
    }
  }

  private func attended(
    _ x: Value, _ attention: GroupedAttention, _ layer: Int, _ positions: Value, _ factors: Value?
  ) throws(GraphError) -> Value {
    let (heads, groups) = (attention.headCount, attention.keyValueHeadCount)
    let rotary = RotaryEmbedding(
      base: attention.rotary.base, rotatedDimensions: attention.rotary.dimensions, pairing: attention.rotary.pairing,
      frequencyScale: attention.rotary.frequencyScale)
    func split(_ name: String, _ count: Int, _ length: Int) throws(GraphError) -> Value {
      let flat = try linear(
        x, name, outputs: count &* length, inputs: decoder.width, attention.inputBias, layer)
      return try builder.reshape(flat, to: [tokens, Dimension(count), Dimension(length)])
    }
    func turned(_ name: String, _ count: Int) throws(GraphError) -> Value {
      var heads = try split(name, count, attention.keyLength)
      if let norm = attention.headNorm {
        heads = try normalized(heads, norm, "\(name)_norm", layer, length: attention.keyLength)
      }
      return try builder.rotaryEmbedding(heads, positions: positions, factors: factors, rotary, label: "\(name)_rope")
    }
    let queries = try turned("attn_q", heads)
    let keys = try turned("attn_k", groups)
    let values = try split("attn_v", groups, attention.valueLength)
    let mixed = try builder.attention(
      queries: queries, keys: cache("key_cache.\(layer)", adding: keys, groups, attention.keyLength),
      values: cache("value_cache.\(layer)", adding: values, groups, attention.valueLength), past: past,
      scale: attention.scale, label: "attention")
    let width = heads &* attention.valueLength
    return try linear(
      builder.reshape(mixed, to: [tokens, Dimension(width)]), "attn_output", outputs: decoder.width, inputs: width,
      attention.outputBias, layer)
  }

  /// The state called `name` with this step's rows; the next step finds them.
  private func cache(
    _ name: String, adding rows: Value, _ groups: Int, _ length: Int
  ) throws(GraphError) -> Value {
    let encoding = options.cache.encoding
    let state = try builder.state(name, encoding, [capacity, Dimension(groups), Dimension(length)])
    let next = try builder.writeRows(rows, to: state, at: past, label: "\(name)_write")
    try builder.update(state: name, to: next)
    return next
  }

  private func gated(_ x: Value, _ block: GatedFeedForward, _ layer: Int) throws(GraphError) -> Value {
    let gate = try linear(
      x, "ffn_gate", outputs: block.width, inputs: decoder.width, block.bias, layer, channelAxis: 0)
    let (function, name) = (Unary.Function(block.activation), block.activation.rawValue)
    let activated = try builder.unary(function, gate, label: "ffn_gate_\(name)")
    let up = try linear(x, "ffn_up", outputs: block.width, inputs: decoder.width, block.bias, layer, channelAxis: 0)
    return try linear(
      builder.multiply(activated, up, label: "ffn_\(name)"), "ffn_down", outputs: decoder.width, inputs: block.width,
      block.bias, layer, channelAxis: 1)
  }

  /// - Parameter length: how many values there are; D if nil.
  func normalized(
    _ x: Value, _ norm: Norm, _ name: String, _ layer: Int?, length: Int? = nil
  ) throws(GraphError) -> Value {
    let weight = try float32(require("\(prefix(layer))\(name).weight", [length ?? decoder.width], layer))
    switch norm {
    case .rootMeanSquare(let epsilon):
      return try builder.rmsNorm(x, weight: weight, epsilon: epsilon, label: name)
    }
  }
}
