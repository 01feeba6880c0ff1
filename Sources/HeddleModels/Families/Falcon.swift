extension Family {
  /// Falcon 7B and 40B: branches that are added together, with a layer norm each (`attn_norm_2` and `attn_norm`) or one for both; plain
  /// feed-forward blocks with GELU, no biases; heads turn in halves.
  ///
  /// - Source: Almazrouei et al., *The Falcon Series of Open Language Models*, 2023.
  static let falcon = Family("falcon") { values throws(ModelError) in
    // Queries, keys and values one under the other; older files had them by groups.
    let (name, layout) = ("tensor_data_layout", "jploski")
    guard try values.string(name, default: layout) == layout else {
      throw values.invalid(name, try values.string(name, default: layout), "it must be '\(layout)'")
    }
    let norm = try values.layerNorm()
    let form = AttentionForm(pairing: .halves)
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      LayerRun(
        count: 1, form: .parallel,
        mixerNorms: BranchNorms(before: NamedNorm(norm, "attn_norm_2", or: "attn_norm"), after: nil),
        mixer: try values.attention(layer, form),
        feedForwardNorms: BranchNorms(before: NamedNorm(norm, "attn_norm"), after: nil),
        feedForward: try values.plainFeedForward(layer, .gelu, bias: .absent))
    }
  }
}
