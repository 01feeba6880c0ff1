import HeddleGraph

/// The choice of keys: see ``LatentIndexer``.
extension DecoderGraph {
  /// The selection of ``AttentionRoles`` of what an indexer chooses for normalized x.
  func selectedKeys(
    _ x: Value, _ source: LatentSource, _ indexer: LatentIndexer, _ layer: Int, _ positions: Value
  ) throws(GraphError) -> Value {
    let (heads, length) = (indexer.headCount, indexer.keyLength)
    let factors = try rotaryFactors(indexer.rotary)
    func turned(_ flat: Value, heads: Int, _ name: String) throws(GraphError) -> Value {
      try builder.rotaryEmbedding(
        builder.reshape(flat, to: [tokens, Dimension(heads), Dimension(length)]), positions: positions,
        factors: factors, indexer.rotary.operation, label: "\(name)_rope")
    }
    func projected(_ x: Value, _ name: String, outputs: Int, inputs: Int) throws(GraphError) -> Value {
      try linear(x, "indexer.\(name)", outputs: outputs, inputs: inputs, .absent, layer)
    }
    let queries = try turned(
      projected(source.value, "attn_q_b", outputs: heads &* length, inputs: source.length), heads: heads, "indexer.q")
    let plain = try normalized(
      projected(x, "attn_k", outputs: length, inputs: decoder.width), indexer.norm, "indexer.k_norm", layer,
      length: length)
    let key = try builder.reshape(turned(plain, heads: 1, "indexer.k"), to: [tokens, Dimension(length)])
    let chosen = try builder.lightningIndexer(
      queries: queries, keys: cache("index_cache.\(layer)", adding: key, length),
      weights: projected(x, "proj", outputs: heads, inputs: decoder.width), count: indexer.count, past: past,
      scale: indexer.scale, label: "indexer")
    return try builder.selectKeys(chosen, of: capacity, label: "indexer.selection")
  }
}
