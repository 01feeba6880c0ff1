extension Family {
  /// StableLM: a llama with layer norms that turns a part of each head, in halves. With `use_parallel_residual` the branches share a
  /// norm and are added together.
  ///
  /// - Source: Bellagente et al., *Stable LM 2 1.6B Technical Report*, 2024.
  static let stablelm = Family("stablelm") { values throws(ModelError) in
    let norm = try values.layerNorm()
    let isParallel = try values.flag("use_parallel_residual", default: false)
    let form = AttentionForm(pairing: .halves, inputBias: .optional)
    return try values.decoder(outputNorm: norm, output: OutputHead(matrix: .required)) {
      values, layer throws(ModelError) in
      let attention = try values.attention(layer, form)
      let feedForward = try values.gatedFeedForward(layer)
      return isParallel
        ? .sharingNorm(norm, attention, feedForward) : .normalizedBefore(norm, attention, feedForward)
    }
  }
}
