extension Family {
  /// StarCoder 2: layer norms, plain feed-forward blocks with GELU, biases everywhere; heads turn in halves. A window that
  /// `attention.sliding_window` names holds in all layers.
  ///
  /// - Source: Lozhkov et al., *StarCoder 2 and The Stack v2*, 2024.
  static let starcoder2 = Family("starcoder2") { values throws(ModelError) in
    let norm = try values.layerNorm()
    let window = try values.window()
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      let form = AttentionForm(
        pairing: .halves, inputBias: .optional, outputBias: .required,
        window: try values.isLocal(layer, every: 0) ? window : nil)
      return
        .normalizedBefore(
          norm, try values.attention(layer, form), try values.plainFeedForward(layer, .geluTanh, bias: .required))
    }
  }

  /// StarCoder, SantaCoder and other GPT-2s with one head of keys and values: see ``gpt2``.
  ///
  /// - Source: Li et al., *StarCoder: may the source be with you!*, 2023.
  static let starcoder = Family("starcoder") { values throws(ModelError) in try values.learnedPositions() }
}
