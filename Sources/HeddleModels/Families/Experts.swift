extension Family {
  /// Qwen 3 of experts: a ``qwen3`` whose layers all have experts, weighted to a sum of one.
  ///
  /// - Source: Yang et al., *Qwen3 Technical Report*, 2025.
  static let qwen3moe = Family("qwen3moe") { values throws(ModelError) in
    let norm = try values.norm()
    let form = AttentionForm(pairing: .halves, headNorm: HeadNorm(norm: norm, extent: .head))
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.attention(layer, form), try values.expertFeedForward(layer, ExpertForm(normalizes: true)))
    }
  }

  /// Qwen 1.5 and 2 of experts: a ``qwen2`` whose layers all have experts, and one that all tokens share, as much of it as each
  /// says.
  ///
  /// - Source: Yang et al., *Qwen2 Technical Report*, 2024.
  static let qwen2moe = Family("qwen2moe") { values throws(ModelError) in
    let norm = try values.norm()
    let form = AttentionForm(pairing: .halves, inputBias: .required)
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.attention(layer, form), try values.expertFeedForward(layer, ExpertForm(shared: .weighted)))
    }
  }

  /// OLMoE: all queries of a token, and all keys, are normalized together; experts by softmax, their weights as they are.
  ///
  /// - Source: Muennighoff et al., *OLMoE: Open Mixture-of-Experts Language Models*, 2024.
  static let olmoe = Family("olmoe") { values throws(ModelError) in
    let norm = try values.norm()
    let form = AttentionForm(
      pairing: .halves, headNorm: HeadNorm(norm: norm, extent: .allHeads), clamp: try values.clamp())
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedBefore(norm, try values.attention(layer, form), try values.expertFeedForward(layer, ExpertForm()))
    }
  }
}
