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
    let norm = try values.norm()
    let dense = try values.integer("leading_dense_block_count", in: 0...FamilyMetadata.Limits.layers, default: 0)
    // Of layers that are not there.
    if try dense >= values.layerCount() { values.ignoreExperts() }
    let form = ExpertForm(bias: .optional, shared: .counted)
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.latentAttention(layer),
        try layer < dense ? values.gatedFeedForward(layer) : values.expertFeedForward(layer, form))
    }
  }
}

extension FamilyMetadata {
  /// `attention.q_lora_rank`, `attention.kv_lora_rank`, `attention.key_length_mla` and `attention.value_length_mla`
  /// (`attention.key_length` and `attention.value_length` of older files), and the keys of ``rotary(_:keyLength:)``.
  fileprivate mutating func latentAttention(_ layer: Int) throws(ModelError) -> Mixer {
    let heads = try integer("attention.head_count", of: layer, in: 1...Limits.count)
    let latent = try integer("attention.kv_lora_rank", in: 1...Limits.count)
    let isAbsorbed = has("attention.key_length_mla")
    // Of one head for all, the latent, or of each head of older files: nothing that the tensors do not say.
    ignore(["attention.head_count_kv", "attention.key_length", "attention.value_length"])
    let suffix = isAbsorbed ? "_mla" : ""
    let keyLength = try integer("attention.key_length\(suffix)", in: 1...Limits.count)
    let valueLength = try integer("attention.value_length\(suffix)", in: 1...Limits.count)
    let rank = has("attention.q_lora_rank") ? try integer("attention.q_lora_rank", in: 0...Limits.count) : 0
    let rotary = try rotary(AttentionForm(pairing: .interleaved), keyLength: keyLength)
    guard rotary.dimensions < keyLength else {
      throw invalid("rope.dimension_count", rotary.dimensions, "it must be below the head length of \(keyLength)")
    }
    return .latent(
      LatentAttention(
        headCount: heads, queryRank: rank == 0 ? nil : rank, latentLength: latent,
        plainLength: keyLength &- rotary.dimensions, valueLength: valueLength,
        scale: Float(try yarnScoreScale(rotary.scaling) / Double(keyLength).squareRoot()),
        norm: .rootMeanSquare(epsilon: 1e-6), rotary: rotary))
  }
}
