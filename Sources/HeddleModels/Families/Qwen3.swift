extension Family {
  /// Qwen 3, dense: a llama that normalizes each head of queries and keys before it turns it, in halves. The length of a
  /// head is a key of its own, not the width cut into heads.
  ///
  /// Beside the tensors of ``llama``: `blk.N.attn_q_norm.weight` and `attn_k_norm.weight`, both [K]; no biases, no
  /// `rope_freqs.weight`.
  ///
  /// - Source: Yang et al., *Qwen3 Technical Report*, 2025.
  static let qwen3 = Family("qwen3") { values throws(ModelError) in
    let norm = try values.norm()
    let form = AttentionForm(pairing: .halves, headNorm: HeadNorm(norm: norm, extent: .head))
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedBefore(norm, try values.attention(layer, form), try values.gatedFeedForward(layer))
    }
  }
}
