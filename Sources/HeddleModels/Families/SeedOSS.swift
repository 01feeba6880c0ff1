extension Family {
  /// Seed-OSS: built as ``qwen2``; what normalizes before the feed-forward block is called `post_attention_norm`.
  ///
  /// - Source: ByteDance Seed Team, *Seed-OSS* model card, 2025.
  static let seedOSS = Family("seed_oss") { values throws(ModelError) in
    let norm = try values.norm()
    let form = AttentionForm(pairing: .halves, inputBias: .optional, outputBias: .optional)
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      LayerRun(
        count: 1, mixerNorms: BranchNorms(before: NamedNorm(norm, "attn_norm"), after: nil),
        mixer: try values.attention(layer, form),
        feedForwardNorms: BranchNorms(before: NamedNorm(norm, "post_attention_norm"), after: nil),
        feedForward: try values.gatedFeedForward(layer))
    }
  }
}
