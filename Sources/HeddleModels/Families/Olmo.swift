extension Family {
  /// OLMo 1 and 1.7: a llama whose layer norms have no weights; queries, keys and values may be clamped.
  ///
  /// - Source: Groeneveld et al., *OLMo: Accelerating the Science of Language Models*, 2024.
  static let olmo = Family("olmo") { values throws(ModelError) in
    let norm = try values.plainLayerNorm()
    let form = AttentionForm(pairing: .interleaved, clamp: try values.clamp())
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedBefore(norm, try values.attention(layer, form), try values.gatedFeedForward(layer))
    }
  }
}
