import HeddleGraph
import HeddleTypes

/// Attention to latents: see ``LatentAttention``.
extension DecoderGraph {
  /// What latent attention makes of normalized x.
  func attended(_ x: Value, _ attention: LatentAttention, _ layer: Int, _ positions: Value) throws(GraphError) -> Value
  {
    let factors = try rotaryFactors(attention.rotary)
    func turned(_ heads: Value, _ name: String) throws(GraphError) -> Value {
      try builder.rotaryEmbedding(
        heads, positions: positions, factors: factors, attention.rotary.operation, label: "\(name)_rope")
    }
    let (plainLength, turnedLength) = (Dimension(attention.plainLength), Dimension(attention.turnedLength))
    let latentLength = Dimension(attention.latentLength)
    let (makesKeys, makesValues) = try latentWeights(attention, layer)

    let source = try latentSource(x, attention, layer)
    let queries = try latentQueries(source, attention, layer)
    let plain = try builder.slice(queries, axis: 2, start: 0, count: plainLength, label: "attn_q_plain")
    let absorbed = try product(ofEachHead: plain, makesKeys, "attn_q_absorbed")
    let turnedQueries = try turned(
      builder.slice(queries, axis: 2, start: plainLength, count: turnedLength), "attn_q")

    let row = try linear(
      x, "attn_kv_a_mqa", outputs: attention.keyLength, inputs: decoder.width, .absent, layer)
    let latent = try normalized(
      builder.slice(row, axis: 1, start: 0, count: latentLength), attention.norm, "attn_kv_a_norm", layer,
      length: attention.latentLength)
    let turnedKey = try turned(
      builder.reshape(
        builder.slice(row, axis: 1, start: latentLength, count: turnedLength), to: [tokens, 1, turnedLength]), "attn_k")
    let keys = try builder.concatenate(
      [builder.reshape(latent, to: [tokens, 1, latentLength]), turnedKey], axis: 2, label: "attn_latent")

    let selection = try attention.indexer.map { (indexer) throws(GraphError) in
      try selectedKeys(x, source, indexer, layer, positions)
    }
    let mixed = try builder.attention(
      queries: builder.concatenate([absorbed, turnedQueries], axis: 2, label: "attn_q_latent"),
      keys: cache("latent_cache.\(layer)", adding: keys, 1, attention.keyLength), valueLength: attention.latentLength,
      with: AttentionOperands(selection: selection), past: past, scale: attention.scale,
      mask: selection == nil ? .causal : .causal & .selected, label: "attention")
    let values = try product(ofEachHead: mixed, makesValues, "attn_v")
    let width = attention.headCount &* attention.valueLength
    return try linear(
      builder.reshape(values, to: [tokens, Dimension(width)]), "attn_output", outputs: decoder.width, inputs: width,
      .absent, layer)
  }

  /// What queries are made of.
  struct LatentSource {
    let value: Value
    /// How many values a token has.
    let length: Int
  }

  /// What is between Wqa and Wqb, or x.
  private func latentSource(
    _ x: Value, _ attention: LatentAttention, _ layer: Int
  ) throws(GraphError) -> LatentSource {
    guard let rank = attention.queryRank else { return LatentSource(value: x, length: decoder.width) }
    let low = try linear(x, "attn_q_a", outputs: rank, inputs: decoder.width, .absent, layer)
    return LatentSource(
      value: try normalized(low, attention.norm, "attn_q_a_norm", layer, length: rank), length: rank)
  }

  /// Queries `[tokens, H, N + R]`.
  private func latentQueries(
    _ source: LatentSource, _ attention: LatentAttention, _ layer: Int
  ) throws(GraphError) -> Value {
    let length = attention.plainLength &+ attention.turnedLength
    let flat = try linear(
      source.value, attention.queryRank == nil ? "attn_q" : "attn_q_b", outputs: attention.headCount &* length,
      inputs: source.length, .absent, layer)
    return try builder.reshape(flat, to: [tokens, Dimension(attention.headCount), Dimension(length)])
  }

  /// What makes latents of queries `[H, C, N]`, and values of latents `[H, E, C]`.
  private func latentWeights(_ attention: LatentAttention, _ layer: Int) throws(GraphError) -> (Value, Value) {
    let (heads, latent) = (attention.headCount, attention.latentLength)
    let (plain, values) = (attention.plainLength, attention.valueLength)
    let joint = "\(prefix(layer))attn_kv_b.weight"
    guard tensors.has(joint) else {
      return (
        try float32(require("\(prefix(layer))attn_k_b.weight", [heads, latent, plain], layer)),
        try float32(require("\(prefix(layer))attn_v_b.weight", [heads, values, latent], layer))
      )
    }
    let rows = plain &+ values
    let both = try builder.reshape(
      float32(require(joint, [heads &* rows, latent], layer)), to: [heads, rows, latent].map { Dimension($0) })
    return (
      try builder.transpose(
        builder.slice(both, axis: 1, start: 0, count: Dimension(plain)), [0, 2, 1], label: "attn_k_b"),
      try builder.slice(both, axis: 1, start: Dimension(plain), count: Dimension(values), label: "attn_v_b")
    )
  }

  /// `y[t, h, :] = w[h, :, :] · x[t, h, :]`
  private func product(ofEachHead x: Value, _ w: Value, _ label: String) throws(GraphError) -> Value {
    let heads = try builder.transpose(x, [1, 0, 2])
    return try builder.transpose(builder.matmul(heads, w, label: label), [1, 0, 2])
  }
}
