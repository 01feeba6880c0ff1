extension Family {
  /// Nemotron 3 and 4, Minitron: layer norms, plain feed-forward blocks with the square of ReLU; a part of each head is turned, in
  /// halves. Files have 1 added to the norms' weights.
  ///
  /// - Source: Parmar et al., *Nemotron-4 15B Technical Report*, 2024.
  static let nemotron = Family("nemotron") { values throws(ModelError) in
    let norm = try values.layerNorm()
    // Files have the same number by both names.
    values.ignore(["attention.layer_norm_rms_epsilon"])
    let form = AttentionForm(pairing: .halves, inputBias: .optional, outputBias: .optional)
    return try values.decoder(outputNorm: norm, output: OutputHead(matrix: .required)) {
      values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.attention(layer, form),
        try values.plainFeedForward(layer, .relu, isSquared: true, bias: .optional))
    }
  }

  /// Arcee's foundation models: a llama with plain feed-forward blocks, with the square of ReLU.
  ///
  /// - Source: Arcee AI, *AFM-4.5B* model card, 2025.
  static let arcee = Family("arcee") { values throws(ModelError) in
    let norm = try values.norm()
    let form = AttentionForm(
      pairing: .interleaved, factors: .optional, inputBias: .optional, outputBias: .optional)
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.attention(layer, form),
        try values.plainFeedForward(layer, .relu, isSquared: true, bias: .optional))
    }
  }
}
