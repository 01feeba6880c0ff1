extension Family {
  /// Command R: layer norms without biases, one for both branches, which are added together; logits are scaled; heads turn as neighbours.
  /// Each head may be normalized with weights of its own (Command R+).
  ///
  /// - Source: Cohere, *Command R* model card, 2024.
  static let commandR = Family("command-r") { values throws(ModelError) in
    let norm = try values.layerNorm(bias: .absent)
    let headNorm = HeadNorm(norm: norm, extent: .eachHead, presence: .optional)
    let form = AttentionForm(pairing: .interleaved, headNorm: headNorm, inputBias: .optional)
    return try values.decoder(outputNorm: norm, output: try values.scaledLogits()) { values, layer throws(ModelError) in
      .sharingNorm(norm, try values.attention(layer, form), try values.gatedFeedForward(layer))
    }
  }

  /// Command A and R7B: ``commandR`` of which three of four layers see a window, and the fourth turns nothing.
  ///
  /// - Source: Cohere, *Command A: An Enterprise-Ready Large Language Model*, 2025.
  static let cohere2 = Family("cohere2") { values throws(ModelError) in
    let norm = try values.layerNorm(bias: .absent)
    let window = try values.window()
    return try values.decoder(outputNorm: norm, output: try values.scaledLogits()) { values, layer throws(ModelError) in
      let isLocal = try values.isLocal(layer, every: 4)
      let form = AttentionForm(
        pairing: .interleaved, inputBias: .optional, isTurned: isLocal, window: isLocal ? window : nil)
      return .sharingNorm(norm, try values.attention(layer, form), try values.gatedFeedForward(layer))
    }
  }
}

extension FamilyMetadata {
  /// `logit_scale`, and the embedding as the output's matrix.
  fileprivate mutating func scaledLogits() throws(ModelError) -> OutputHead {
    OutputHead(matrix: .absent, scale: try factor("logit_scale"))
  }
}
