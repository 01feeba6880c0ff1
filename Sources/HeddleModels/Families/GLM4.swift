extension Family {
  /// GLM 4, dense: normalized before and after each branch; a part of each head is turned, as neighbours; gate and up lie joined in
  /// `ffn_up`.
  ///
  /// - Source: GLM Team, *ChatGLM: A Family of Large Language Models from GLM-130B to GLM-4 All Tools*, 2024.
  static let glm4 = Family("glm4") { values throws(ModelError) in
    let norm = try values.norm()
    let form = AttentionForm(pairing: .interleaved, inputBias: .optional)
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedAround(
        norm, try values.attention(layer, form), try values.gatedFeedForward(layer, layout: .joint))
    }
  }
}
