import HeddleText

extension HubFamily {
  /// EXAONE 4: norms behind attention and feed-forward, and of each head. With a window three of four layers have it, and the
  /// fourth turns nothing.
  static let exaone4 = HubFamily(
    models: ["Exaone4ForCausalLM"], architecture: "exaone4",
    tensors: HubTensorRule.embedding + HubTensorRule.attention + HubTensorRule.headNorms + HubTensorRule.normsAfter
      + HubTensorRule.gated
  ) { model throws(ModelFolderError) in
    try model.sizes()
    try model.feedForward()
    try model.rootMeanSquare()
    try model.rotary(headLength: model.headLength())
    try model.copy("vocab_size", to: "vocab_size")
    try model.activation("silu")
    try model.exaoneWindow()
  }
}

extension HubDescription {
  /// Which layers have the window: `layer_types`, or before them `sliding_window_pattern`, letters (`LLLG`) or every how manieth
  /// layer has none.
  fileprivate mutating func exaoneWindow() throws(ModelFolderError) {
    let key = "sliding_window_pattern"
    let pattern = config.value(key)
    let hasTypes = config.has("layer_types")
    guard let window = try config.optionalInteger("sliding_window"), !hasTypes else {
      return try self.window(pattern: true)
    }
    let letters = pattern?.string.map { Array($0.utf8) } ?? []
    guard letters.allSatisfy({ $0 == UInt8(ascii: "L") || $0 == UInt8(ascii: "G") }) else {
      throw config.unsupported(key, pattern?.description ?? "", "letters L and G, or a number")
    }
    let period = letters.isEmpty ? try config.integer(key, in: 1...HubConfig.layers, default: 4) : letters.count
    let isLocal = (0..<max(0, layerCount)).map { layer in
      let place = layer % max(1, period)
      return letters.isEmpty ? place &+ 1 < period : letters[at: place] == UInt8(ascii: "L")
    }
    set("attention.sliding_window", window)
    set("attention.sliding_window_pattern", .array(.bool(isLocal)))
  }
}
