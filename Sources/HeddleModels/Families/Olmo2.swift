extension Family {
  /// OLMo 2 and 3: what a branch gives is normalized, not what it takes, and so are all queries and all keys of a token together; heads
  /// turn in halves. With a window (OLMo 3), three of four layers see it, and are turned without scaling.
  ///
  /// Beside the tensors of ``llama``, without its `attn_norm` and `ffn_norm`: `blk.N.attn_q_norm.weight` [H·K],
  /// `blk.N.attn_k_norm.weight` [G·K], `blk.N.post_attention_norm.weight` and `blk.N.post_ffw_norm.weight`, both [D].
  ///
  /// - Source: OLMo Team, *2 OLMo 2 Furious*, 2025.
  static let olmo2 = Family("olmo2") { values throws(ModelError) in
    let norm = try values.norm()
    let hasWindow =
      try values.hasWindow()
    let window = try values.window()
    let localBase = try values.localBase(default: try values.base())
    return try values.decoder(outputNorm: norm, output: OutputHead(matrix: .required)) {
      values, layer throws(ModelError) in
      let isLocal = hasWindow ? try values.isLocal(layer, every: 4) : false
      let attention = try values.attention(
        layer,
        AttentionForm(
          pairing: .halves, headNorm: HeadNorm(norm: norm, extent: .allHeads), window: isLocal ? window : nil,
          localBase: isLocal ? localBase : nil))
      return .normalizedAfter(norm, attention, try values.gatedFeedForward(layer))
    }
  }
}
