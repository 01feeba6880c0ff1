extension Family {
  /// LLaMA and what is built like it: Mistral, SmolLM2 and many more.
  ///
  /// D width, F feed-forward width, H query heads, G key-value heads, K key length, E value length, V vocabulary, blocks
  /// numbered N:
  ///
  /// | tensor | shape |
  /// |---|---|
  /// | `token_embd.weight` | [V, D] |
  /// | `blk.N.attn_norm.weight`, `blk.N.ffn_norm.weight`, `output_norm.weight` | [D] |
  /// | `blk.N.attn_q.weight` / `attn_k.weight` / `attn_v.weight` | [H·K, D] / [G·K, D] / [G·E, D] |
  /// | `blk.N.attn_output.weight` | [D, H·E] |
  /// | `blk.N.ffn_gate.weight`, `blk.N.ffn_up.weight` / `blk.N.ffn_down.weight` | [F, D] / [D, F] |
  /// | `output.weight`, `token_embd.weight` if absent | [V, D] |
  /// | `rope_freqs.weight`, optional | [rotary dimensions / 2] |
  ///
  /// Each matrix may have a `.bias` of its outputs. Files hold the rows of Wq and Wk in an order in which the pairs of a
  /// head that turn together are neighbours.
  ///
  /// Where `expert_count` is above 0, layers have the tensors of ``ExpertFeedForward`` in place of gate, up and down.
  ///
  /// - Source: Touvron et al., *LLaMA*, 2023; Jiang et al., *Mixtral of Experts*, 2024.
  static let llama = Family("llama") { values throws(ModelError) in
    let norm = try values.norm()
    // Mistral's first models see a window.
    let window = try values.window()
    // Mixtral's layers have experts, whose weights are the softmax of those that are chosen.
    let hasExperts = try values.expertCount() > 0
    return try values.decoder(outputNorm: norm, output: OutputHead(bias: .optional)) {
      values, layer throws(ModelError) in
      let attention = try values.attention(
        layer,
        AttentionForm(
          pairing: .interleaved, factors: .optional, inputBias: .optional, outputBias: .optional,
          window: try values.isLocal(layer, every: 0) ? window : nil))
      let feedForward =
        try hasExperts
        ? values.expertFeedForward(layer, ExpertForm(normalizes: true))
        : values.gatedFeedForward(layer, bias: .optional)
      return .normalizedBefore(norm, attention, feedForward)
    }
  }
}
