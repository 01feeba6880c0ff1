extension Family {
  /// StableLM: a llama with layer norms that turns a part of each head, in halves. Where files have no `ffn_norm`, the branches
  /// share a norm and are added together; each head may be normalized with weights of its own.
  ///
  /// - Source: Bellagente et al., *Stable LM 2 1.6B Technical Report*, 2024.
  static let stablelm = Family("stablelm") { values throws(ModelError) in
    let norm = try values.layerNorm()
    // Files of either form may say that they are parallel: what they have decides.
    let says = try values.flag("use_parallel_residual", default: false)
    let isParallel = values.isInFile.map { !$0("blk.0.ffn_norm.weight") } ?? says
    let headNorm = try HeadNorm(norm: values.layerNorm(bias: .absent), extent: .eachHead, presence: .optional)
    let form = AttentionForm(pairing: .halves, headNorm: headNorm, inputBias: .optional)
    return try values.decoder(outputNorm: norm, output: OutputHead(matrix: .required)) {
      values, layer throws(ModelError) in
      let attention = try values.attention(layer, form)
      let feedForward = try values.gatedFeedForward(layer)
      return isParallel
        ? .sharingNorm(norm, attention, feedForward) : .normalizedBefore(norm, attention, feedForward)
    }
  }
}
