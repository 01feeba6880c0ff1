extension Family {
  /// Qwen 1.5, 2 and 2.5: a llama whose queries, keys and values have biases, and whose heads turn in halves.
  ///
  /// Beside the tensors of ``llama``: `blk.N.attn_q.bias` [H·K], `attn_k.bias` [G·K] and `attn_v.bias` [G·E], required;
  /// no other biases, no `rope_freqs.weight`.
  ///
  /// - Source: Yang et al., *Qwen2 Technical Report*, 2024.
  static let qwen2 = Family("qwen2") { values throws(ModelError) in
    let norm = try values.norm()
    return try values.decoder(outputNorm: norm, output: OutputHead(bias: .optional)) {
      values, layer throws(ModelError) in
      let attention = try values.attention(layer, AttentionForm(pairing: .halves, inputBias: .required))
      return .normalizedBefore(norm, attention, try values.gatedFeedForward(layer))
    }
  }
}
