import HeddleGraph

extension Family {
  /// Phi 1.5 and 2: one layer norm for both branches, which are added together; part of each head is turned, in halves; biases
  /// everywhere.
  ///
  /// - Source: Li et al., *Textbooks Are All You Need II: phi-1.5 technical report*, 2023.
  static let phi2 = Family("phi2") { values throws(ModelError) in
    let norm = try values.layerNorm()
    let form = AttentionForm(pairing: .halves, inputBias: .required, outputBias: .required)
    return try values.decoder(outputNorm: norm, output: OutputHead(bias: .required)) {
      values, layer throws(ModelError) in
      .sharingNorm(
        norm, try values.attention(layer, form), try values.plainFeedForward(layer, .geluTanh, bias: .required))
    }
  }

  /// Phi 3 and 4: a llama whose heads turn in halves, whose matrices lie joined (`attn_qkv`, `ffn_up` with the gate's rows first), and
  /// whose long contexts have rotary factors of their own.
  ///
  /// A window that `attention.sliding_window` names holds in all layers.
  ///
  /// - Source: Abdin et al., *Phi-3 Technical Report*, 2024.
  static let phi3 = Family("phi3") { values throws(ModelError) in
    let norm = try values.norm()
    let window = try values.window()
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      let isLocal = try values.isLocal(layer, every: 0)
      let form = AttentionForm(pairing: .halves, isLong: true, window: isLocal ? window : nil)
      return
        .normalizedBefore(
          norm, try values.attention(layer, form), try values.gatedFeedForward(layer, layout: .joint))
    }
  }
}
