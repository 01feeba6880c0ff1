extension Family {
  /// BLOOM: nothing is turned, scores fall with distance; the embedding is normalized, biases everywhere.
  ///
  /// Beside the tensors of ``gpt2``, without its positions: `token_embd_norm.weight` and `.bias`, both [D].
  ///
  /// - Source: Le Scao et al., *BLOOM: A 176B-Parameter Open-Access Multilingual Language Model*, 2022.
  static let bloom = Family("bloom") { values throws(ModelError) in
    let norm = try values.layerNorm()
    let form = AttentionForm(
      pairing: .halves, inputBias: .required, outputBias: .required, isTurned: false,
      distanceBias: DistanceBias(maximum: 8))
    return try values.decoder(embedding: Embedding(norm: norm), outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.attention(layer, form), try values.plainFeedForward(layer, .geluTanh, bias: .required))
    }
  }

  /// MPT: nothing is turned, scores fall with distance, no biases; queries, keys and values may be clamped.
  ///
  /// Files may have `position_embd.weight` [context, D] in place of distances.
  ///
  /// - Source: MosaicML, *Introducing MPT-7B*, 2023.
  static let mpt = Family("mpt") { values throws(ModelError) in
    let norm = try values.layerNorm(bias: .optional)
    let form = AttentionForm(
      pairing: .halves, inputBias: .optional, outputBias: .optional, isTurned: false, clamp: try values.clamp(),
      distanceBias: try values.distanceBias(default: 0))
    let hasPositions = values.isInFile?("position_embd.weight") ?? false
    let embedding = Embedding(positions: hasPositions ? try values.contextLength() : nil)
    return try values.decoder(embedding: embedding, outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.attention(layer, form), try values.plainFeedForward(layer, .gelu, bias: .optional))
    }
  }
}
