extension Family {
  /// Granite 3 and 4, dense: a llama that scales its embedding, its scores, what its branches add, and divides its logits.
  ///
  /// Nothing is turned where `rope.scaling.finetuned` is false.
  ///
  /// - Source: Granite Team, *Granite 3.0 Language Models*, 2024.
  static let granite = Family("granite") { values throws(ModelError) in
    let norm = try values.norm()
    let residualScale = try values.factor("residual_scale")
    let isTurned = try values.flag("rope.scaling.finetuned", default: true)
    if !isTurned { values.ignore(["rope.dimension_count", "rope.freq_base"]) }
    // Files of Granite 4 have these from their hybrid kin; tensors of such layers would be refused.
    values.ignore([
      "ssm.conv_kernel", "ssm.state_size", "ssm.group_count", "ssm.inner_size", "ssm.time_step_rank",
    ])
    let form = AttentionForm(
      pairing: .interleaved, factors: .optional, inputBias: .optional, outputBias: .optional, isTurned: isTurned)
    return try values.decoder(
      embedding: Embedding(scale: try values.factor("embedding_scale")), outputNorm: norm,
      output: OutputHead(scale: 1 / (try values.factor("logit_scale")))
    ) { values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.attention(layer, form), try values.gatedFeedForward(layer, bias: .optional),
        residualScale: residualScale)
    }
  }
}
