extension Family {
  /// SmolLM 3: a llama of which every fourth layer turns nothing.
  ///
  /// - Source: Yang et al., *RoPE to NoPE and Back Again*, 2025.
  static let smollm3 = Family("smollm3") { values throws(ModelError) in
    let norm = try values.norm()
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      let isTurned = (layer &+ 1) % 4 != 0
      let attention = try values.attention(layer, AttentionForm(pairing: .interleaved, isTurned: isTurned))
      return .normalizedBefore(norm, attention, try values.gatedFeedForward(layer))
    }
  }
}
