extension Family {
  /// EXAONE 4: what a branch gives is normalized, not what it takes, and so is each head; heads turn in halves. With a window, three of
  /// four layers see it, and the fourth turns nothing.
  ///
  /// - Source: LG AI Research, *EXAONE 4.0: Unified Large Language Models Integrating Non-reasoning and Reasoning Modes*, 2025.
  static let exaone4 = Family("exaone4") { values throws(ModelError) in
    let norm = try values.norm()
    let hasWindow =
      try values.hasWindow()
    let window = try values.window()
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      let isLocal = hasWindow ? try values.isLocal(layer, every: 4) : false
      let form = AttentionForm(
        pairing: .halves, factors: .optional, headNorm: HeadNorm(norm: norm, extent: .head),
        isTurned: isLocal || !hasWindow, window: isLocal ? window : nil)
      return .normalizedAfter(norm, try values.attention(layer, form), try values.gatedFeedForward(layer))
    }
  }
}
