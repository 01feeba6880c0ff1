import HeddleGraph
import HeddleTypes

/// Attention, and what it keeps from step to step.
extension DecoderGraph {
  /// What attention makes of normalized x.
  func attended(
    _ x: Value, _ attention: GroupedAttention, _ layer: Int, _ positions: Value
  ) throws(GraphError) -> Value {
    let groups = attention.keyValueHeadCount
    let factors = try attention.rotary.flatMap { (rotary) throws(GraphError) in try rotaryFactors(rotary) }
    var (queries, keys, values) = try projected(x, attention, layer)
    func turned(_ heads: Value, _ name: String) throws(GraphError) -> Value {
      let heads = try normalized(heads, attention, name, layer)
      guard let rotary = attention.rotary else { return heads }
      return try builder.rotaryEmbedding(
        heads, positions: positions, factors: factors, rotary.operation, label: "\(name)_rope")
    }
    queries = try turned(queries, "attn_q")
    keys = try turned(keys, "attn_k")
    let mixed = try builder.attention(
      queries: queries, keys: cache("key_cache.\(layer)", adding: keys, groups, attention.keyLength),
      values: cache("value_cache.\(layer)", adding: values, groups, attention.valueLength),
      with: AttentionOperands(sinks: sinks(attention, layer), slopes: slopes(attention)), past: past,
      scale: attention.scale, mask: attention.window.map(AttentionMask.slidingWindow) ?? .causal,
      softCap: attention.softCap, label: "attention")
    let width = attention.headCount &* attention.valueLength
    return try linear(
      builder.reshape(mixed, to: [tokens, Dimension(width)]), "attn_output", outputs: decoder.width, inputs: width,
      attention.outputBias, layer)
  }

  /// A score of each head beside those of keys; nil if there is none.
  private func sinks(_ attention: GroupedAttention, _ layer: Int) throws(GraphError) -> Value? {
    let sinks = try tensor("\(prefix(layer))attn_sinks.weight", [attention.headCount], attention.sinks, layer)
    return try sinks.map { (sinks) throws(GraphError) in try float32(sinks) }
  }

  /// What a place of distance takes from the scores of each head; nil if nothing.
  private func slopes(_ attention: GroupedAttention) throws(GraphError) -> Value? {
    guard let bias = attention.distanceBias else { return nil }
    let heads = attention.headCount
    return try computed.add("heddle.slopes.\(heads)", bias.slopes(heads: heads), to: builder)
  }

  /// Heads of queries or keys `[tokens, H, K]` as the attention normalizes each.
  private func normalized(
    _ heads: Value, _ attention: GroupedAttention, _ name: String, _ layer: Int
  ) throws(GraphError) -> Value {
    guard let norm = attention.headNorm, norm.extent != .allHeads,
      norm.presence == .required || tensors.has("\(prefix(layer))\(name)_norm.weight")
    else { return heads }
    let length = attention.keyLength
    if norm.extent == .head {
      return try normalized(heads, norm.norm, "\(name)_norm", layer, length: length)
    }
    let count = name == "attn_q" ? attention.headCount : attention.keyValueHeadCount
    let weight = try float32(require("\(prefix(layer))\(name)_norm.weight", [count, length], layer))
    guard let plain = try ones(length) else { return heads }
    let even = try normalized(heads, norm.norm, weight: plain, bias: nil, label: "\(name)_norm")
    return try builder.multiply(even, weight, label: "\(name)_norm_weight")
  }

  /// Queries, keys and values in heads: of matrices of their own, or of one that has them one under the other.
  private func projected(
    _ x: Value, _ attention: GroupedAttention, _ layer: Int
  ) throws(GraphError) -> (queries: Value, keys: Value, values: Value) {
    let (heads, groups) = (attention.headCount, attention.keyValueHeadCount)
    let (queryRows, keyRows) = (heads &* attention.keyLength, groups &* attention.keyLength)
    let rows = queryRows &+ keyRows &+ groups &* attention.valueLength
    let isJoint = tensors.has("\(prefix(layer))attn_qkv.weight")
    let joint =
      isJoint ? try linear(x, "attn_qkv", outputs: rows, inputs: decoder.width, attention.inputBias, layer) : nil
    func part(_ name: String, from start: Int, _ count: Int, of length: Int) throws(GraphError) -> Value {
      let outputs = count &* length
      var flat: Value
      if let joint {
        flat = try builder.slice(joint, axis: 1, start: Dimension(start), count: Dimension(outputs), label: name)
      } else {
        flat = try linear(x, name, outputs: outputs, inputs: decoder.width, attention.inputBias, layer)
      }
      flat = try clamped(flat, attention.clamp)
      if let norm = attention.headNorm, norm.extent == .allHeads, name != "attn_v" {
        flat = try normalized(flat, norm.norm, "\(name)_norm", layer, length: outputs)
      }
      return try builder.reshape(flat, to: [tokens, Dimension(count), Dimension(length)])
    }
    return (
      try part("attn_q", from: 0, heads, of: attention.keyLength),
      try part("attn_k", from: queryRows, groups, of: attention.keyLength),
      try part("attn_v", from: queryRows &+ keyRows, groups, of: attention.valueLength)
    )
  }

  /// Where files keep the rotary factors of short contexts, if they have factors for long ones too.
  static let shortFactors = "rope_factors_short.weight"

  /// What frequencies are divided by, one vector for all layers that are turned alike; nil if by nothing.
  func rotaryFactors(_ rotary: Rotary) throws(GraphError) -> Value? {
    let pairs = rotary.dimensions / 2
    switch rotary.scaling {
    case .none, .linear: return nil
    case .factors(let presence, _):
      return try tensor("rope_freqs.weight", [pairs], presence).map { (factors) throws(GraphError) in
        try float32(factors)
      }
    case .yarn(let yarn):
      let factors = yarn.factors(base: rotary.base, dimensions: rotary.dimensions)
      return try computed.add("heddle.yarn_factors.\(rotary.dimensions)", factors, to: builder)
    case .long:
      guard let usesLongFactors else { return nil }
      let (short, long) = (try require(Self.shortFactors, [pairs]), try require("rope_factors_long.weight", [pairs]))
      func row(_ factors: Value) throws(GraphError) -> Value {
        try builder.reshape(float32(factors), to: [1, Dimension(pairs)])
      }
      let both = try builder.concatenate([row(short), row(long)], axis: 0, label: "rope_factors")
      return try builder.reshape(
        builder.slice(both, axis: 0, start: usesLongFactors, count: 1), to: [Dimension(pairs)])
    }
  }

  /// The state called `name` with this step's rows; the next step finds them.
  ///
  /// - Parameter lengths: the extents of a row.
  func cache(_ name: String, adding rows: Value, _ lengths: Int...) throws(GraphError) -> Value {
    let encoding = options.cache.encoding
    let state = try builder.state(name, encoding, [capacity] + lengths.map { Dimension($0) })
    let next = try builder.writeRows(rows, to: state, at: past, label: "\(name)_write")
    try builder.update(state: name, to: next)
    return next
  }
}
