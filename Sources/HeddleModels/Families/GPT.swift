import HeddleGraph

extension Family {
  /// GPT-2: a learned table of positions, layer norms, plain feed-forward blocks with GELU, biases everywhere.
  ///
  /// Beside the tensors of a llama without gates: `position_embd.weight` [context, D].
  ///
  /// - Source: Radford et al., *Language Models are Unsupervised Multitask Learners*, 2019.
  static let gpt2 = Family("gpt2") { values throws(ModelError) in try values.learnedPositions() }

  /// GPT-NeoX and Pythia: layer norms, biases everywhere, a part of each head is turned, in halves. With `use_parallel_residual`, as
  /// most have it, the branches are added together, each with a norm of its own.
  ///
  /// - Source: Black et al., *GPT-NeoX-20B*, 2022; Biderman et al., *Pythia*, 2023.
  static let gptneox = Family("gptneox") { values throws(ModelError) in
    let norm = try values.layerNorm()
    let form = AttentionForm(pairing: .halves, inputBias: .required, outputBias: .required)
    let isParallel = try values.flag("use_parallel_residual", default: true)
    // The one of 20 billion weights has another GELU than Pythia, and files do not say which.
    let size = (try values.layerCount(), try values.width())
    let activation: Activation = size == (44, 6144) ? .geluTanh : .gelu
    return try values.decoder(outputNorm: norm, output: OutputHead(matrix: .required)) {
      values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.attention(layer, form), try values.plainFeedForward(layer, activation, bias: .required),
        form: isParallel ? .parallel : .sequential)
    }
  }
}

extension FamilyMetadata {
  /// A decoder with a learned table of positions: GPT-2 and its kin.
  mutating func learnedPositions() throws(ModelError) -> DecoderDescription {
    let norm = try layerNorm()
    let form = AttentionForm(pairing: .halves, inputBias: .required, outputBias: .required, isTurned: false)
    return try decoder(embedding: Embedding(positions: try contextLength()), outputNorm: norm) {
      values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.attention(layer, form), try values.plainFeedForward(layer, .geluTanh, bias: .required))
    }
  }
}
