import HeddleGraph

extension Family {
  /// DeepSeek V2, V2 Lite, V3 and R1: attention to latents, and experts after the first `leading_dense_block_count` layers,
  /// chosen by softmax (V2) or by sigmoids and a bias (V3), and by groups.
  ///
  /// Beside the tensors of ``llama``: `blk.N.attn_q_a`, `attn_q_a_norm` and `attn_q_b` in place of `attn_q` where queries have
  /// a rank; `attn_kv_a_mqa`, `attn_kv_a_norm`, `attn_k_b` and `attn_v_b`, or `attn_kv_b` of older files. Norms of latents
  /// have an ε of 1e-6, whatever the file says of others.
  ///
  /// - Source: DeepSeek-AI, *DeepSeek-V2*, 2024; *DeepSeek-V3 Technical Report*, 2024.
  static let deepseek2 = Family("deepseek2") { values throws(ModelError) in
    try values.deepSeek(hasIndexer: false)
  }

  /// DeepSeek V3.2: V3, whose tokens see the keys that an indexer chooses (``LatentIndexer``). The last `nextn_predict_layers` of
  /// `block_count` layers guess tokens after the next, and are left.
  ///
  /// Beside the tensors of ``deepseek2``: `blk.N.indexer.attn_q_b`, `indexer.attn_k`, `indexer.k_norm` with a bias, `indexer.proj`.
  ///
  /// - Source: DeepSeek-AI, *DeepSeek-V3.2*, 2025.
  static let deepseek32 = Family("deepseek32") { values throws(ModelError) in
    try values.deepSeek(hasIndexer: true)
  }
}

extension FamilyMetadata {
  fileprivate mutating func deepSeek(hasIndexer: Bool) throws(ModelError) -> DecoderDescription {
    let norm = try norm()
    let guessing = hasIndexer ? try guessingLayerCount() : 0
    let dense = try integer("leading_dense_block_count", in: 0...Limits.layers, default: 0)
    // Of layers that are not there.
    if try dense >= layerCount() &- guessing { ignoreExperts() }
    let form = ExpertForm(scores: hasIndexer ? .sigmoid : .softmax, bias: .optional, shared: .counted)
    return try decoder(outputNorm: norm, guessingLayers: guessing) { values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.latentAttention(layer, hasIndexer: hasIndexer),
        try layer < dense ? values.gatedFeedForward(layer) : values.expertFeedForward(layer, form))
    }
  }

  /// `nextn_predict_layers`, fewer than all.
  private mutating func guessingLayerCount() throws(ModelError) -> Int {
    let (name, all) = ("nextn_predict_layers", try layerCount())
    let count = try integer(name, in: 0...Limits.layers, default: 0)
    guard count < all else { throw invalid(name, count, "there are \(all) layers in all") }
    return count
  }

  /// `attention.q_lora_rank`, `attention.kv_lora_rank`, `attention.key_length_mla` and `attention.value_length_mla`
  /// (`attention.key_length` and `attention.value_length` of older files), the keys of ``rotary(_:keyLength:)``, and those of
  /// ``indexer(_:)``.
  private mutating func latentAttention(_ layer: Int, hasIndexer: Bool) throws(ModelError) -> Mixer {
    let heads = try integer("attention.head_count", of: layer, in: 1...Limits.count)
    let latent = try integer("attention.kv_lora_rank", in: 1...Limits.count)
    let isAbsorbed = has("attention.key_length_mla")
    // Of one head for all, the latent, or of each head of older files: nothing that the tensors do not say.
    ignore(["attention.head_count_kv", "attention.key_length", "attention.value_length"])
    let suffix = isAbsorbed ? "_mla" : ""
    let keyLength = try integer("attention.key_length\(suffix)", in: 1...Limits.count)
    let valueLength = try integer("attention.value_length\(suffix)", in: 1...Limits.count)
    let hasRank = hasIndexer || has("attention.q_lora_rank")
    let rank = hasRank ? try integer("attention.q_lora_rank", in: (hasIndexer ? 1 : 0)...Limits.count) : 0
    let rotary = try rotary(AttentionForm(pairing: .interleaved), keyLength: keyLength)
    guard rotary.dimensions < keyLength else {
      throw invalid("rope.dimension_count", rotary.dimensions, "it must be below the head length of \(keyLength)")
    }
    return .latent(
      LatentAttention(
        headCount: heads, queryRank: rank == 0 ? nil : rank, latentLength: latent,
        plainLength: keyLength &- rotary.dimensions, valueLength: valueLength,
        scale: Float(try yarnScoreScale(rotary.scaling) / Double(keyLength).squareRoot()),
        norm: .rootMeanSquare(epsilon: 1e-6), rotary: rotary, indexer: hasIndexer ? try indexer(rotary) : nil))
  }

  /// `attention.indexer.head_count`, `.key_length` and `.top_k`, turned as the attention's heads are, but by halves.
  private mutating func indexer(_ rotary: Rotary) throws(ModelError) -> LatentIndexer {
    let heads = try integer("attention.indexer.head_count", in: 1...Limits.count)
    let length = try integer("attention.indexer.key_length", in: 1...Limits.count)
    guard rotary.dimensions <= length else {
      throw invalid("attention.indexer.key_length", length, "\(rotary.dimensions) values of a key are turned")
    }
    // A longer list than the context fills nobody needs.
    let count = min(try integer("attention.indexer.top_k", in: 1...Limits.context), try contextLength())
    return LatentIndexer(
      headCount: heads, keyLength: length, count: count, norm: .layer(epsilon: 1e-6, bias: .required),
      rotary: Rotary(pairing: .halves, base: rotary.base, dimensions: rotary.dimensions, scaling: rotary.scaling))
  }
}
