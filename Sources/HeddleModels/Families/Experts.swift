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

  /// gpt-oss: every other layer has a window, heads have sinks, all matrices biases; experts by the softmax of those that are
  /// chosen, with a gate that is cut off. What normalizes before the experts is called `post_attention_norm`.
  ///
  /// - Source: OpenAI, *gpt-oss-120b & gpt-oss-20b Model Card*, 2025.
  static let gptOSS = Family("gpt-oss") { values throws(ModelError) in
    let norm = try values.norm()
    let window = try values.window()
    let experts = ExpertForm(
      scores: .softmaxOfChosen, linearBias: .required, clampedGate: ClampedGate(limit: 7, slope: 1.702))
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      let form = AttentionForm(
        pairing: .halves, inputBias: .required, outputBias: .required,
        window: try values.isLocal(layer, every: 2) ? window : nil, sinks: .required)
      return LayerRun(
        count: 1, mixerNorms: BranchNorms(before: NamedNorm(norm, "attn_norm"), after: nil),
        mixer: try values.attention(layer, form),
        feedForwardNorms: BranchNorms(before: NamedNorm(norm, "post_attention_norm"), after: nil),
        feedForward: try values.expertFeedForward(layer, experts))
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
