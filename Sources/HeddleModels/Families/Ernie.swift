extension Family {
  /// ERNIE 4.5, dense: built as a llama, whose heads turn as neighbours.
  ///
  /// - Source: Baidu, *ERNIE 4.5 Technical Report*, 2025.
  static let ernie45 = Family("ernie4_5") { values throws(ModelError) in
    let norm = try values.norm()
    let form = AttentionForm(pairing: .interleaved, inputBias: .optional, outputBias: .optional)
    return try values.decoder(outputNorm: norm) { values, layer throws(ModelError) in
      .normalizedBefore(
        norm, try values.attention(layer, form), try values.gatedFeedForward(layer, bias: .optional))
    }
  }
}
