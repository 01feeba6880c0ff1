import HeddleGraph

extension Family {
  /// Gemma 1: a llama whose embedding is scaled by √D, whose feed-forward blocks use GELU, and whose heads turn in halves. The output's
  /// matrix is the embedding's. Files hold 1 + w for each weight w of a norm.
  ///
  /// - Source: Gemma Team, *Gemma: Open Models Based on Gemini Research and Technology*, 2024.
  static let gemma = Family("gemma") { values throws(ModelError) in
    let norm = try values.norm()
    return try values.decoder(
      embedding: try values.rootOfWidth(), outputNorm: norm, output: OutputHead(matrix: .absent)
    ) { values, layer throws(ModelError) in
      let attention = try values.attention(layer, AttentionForm(pairing: .halves))
      return .normalizedBefore(norm, attention, try values.gatedFeedForward(layer, .geluTanh))
    }
  }

  /// Gemma 2: normalized before and after each branch, scores and logits are capped, and every other layer sees a window of 4096
  /// tokens.
  ///
  /// Beside the tensors of ``gemma``: `blk.N.post_attention_norm.weight` and `blk.N.post_ffw_norm.weight`, both [D].
  ///
  /// - Source: Gemma Team, *Gemma 2: Improving Open Language Models at a Practical Size*, 2024.
  static let gemma2 = Family("gemma2") { values throws(ModelError) in
    let norm = try values.norm()
    let window = try values.window(default: 4096)
    let localBase = try values.has("rope.freq_base_swa") ? values.localBase(default: values.base()) : nil
    let softCap = try values.softCap("attn_logit_softcapping", default: 50)
    // The largest model scales by its width's share of a head, which is not the head's length.
    let scale = try values.layerCount() == 46 ? try values.scaleOfShare() : nil
    return try values.decoder(
      embedding: try values.rootOfWidth(), outputNorm: norm,
      output: OutputHead(matrix: .absent, softCap: try values.softCap("final_logit_softcapping", default: 30))
    ) { values, layer throws(ModelError) in
      let isLocal = try values.isLocal(layer, every: 2)
      let attention = try values.attention(
        layer,
        AttentionForm(
          pairing: .halves, window: isLocal ? window : nil, localBase: isLocal ? localBase : nil, scale: scale,
          softCap: softCap))
      return .normalizedAround(norm, attention, try values.gatedFeedForward(layer, .geluTanh))
    }
  }

  /// Gemma 3, its text: heads are normalized and nothing is capped; of six layers five see a window, and turn by a base of their own,
  /// `rope.freq_base_swa` (10 000, if absent), without scaling.
  ///
  /// Beside the tensors of ``gemma2``: `blk.N.attn_q_norm.weight` and `blk.N.attn_k_norm.weight`, both [K].
  ///
  /// - Source: Gemma Team, *Gemma 3 Technical Report*, 2025.
  static let gemma3 = Family("gemma3") { values throws(ModelError) in
    let norm = try values.norm()
    let hasWindow =
      try values.hasWindow()
    let window = try values.window()
    let localBase = try values.localBase(default: 10_000)
    let scale = try values.layerCount() == 62 ? try values.scaleOfShare() : nil
    return try values.decoder(
      embedding: try values.rootOfWidth(), outputNorm: norm,
      output: OutputHead(softCap: try values.softCap("final_logit_softcapping"))
    ) { values, layer throws(ModelError) in
      let isLocal = hasWindow ? try values.isLocal(layer, every: 6) : false
      let attention = try values.attention(
        layer,
        AttentionForm(
          pairing: .halves, headNorm: HeadNorm(norm: norm, extent: .head), window: isLocal ? window : nil,
          localBase: isLocal ? localBase : nil, scale: scale))
      return .normalizedAround(norm, attention, try values.gatedFeedForward(layer, .geluTanh))
    }
  }
}

extension FamilyMetadata {
  /// An embedding scaled by √D.
  fileprivate mutating func rootOfWidth() throws(ModelError) -> Embedding {
    Embedding(scale: Float(Double(try width()).squareRoot()))
  }

  /// What scores are multiplied with where it follows from the width D and the H heads: 1/√(D/H).
  fileprivate mutating func scaleOfShare() throws(ModelError) -> Float {
    let heads = try integer("attention.head_count", of: 0, in: 1...Limits.count)
    return Float(1 / Double(max(1, try width().divided(by: heads))).squareRoot())
  }
}
