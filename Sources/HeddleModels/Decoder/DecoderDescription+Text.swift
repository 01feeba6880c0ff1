import HeddleText

/// A line for the whole, a line for each run of layers.
extension DecoderDescription: CustomStringConvertible {
  public var description: String {
    let head =
      "\(architecture): \(layerCount) layers of width \(width), vocabulary \(vocabularySize), context \(contextLength)"
    return Printable.lines(
      ([head] + layers.map { "\($0.count) × \($0.mixer), \($0.feedForward)" }).joined(separator: "\n"))
  }
}

extension Mixer: CustomStringConvertible {
  public var description: String {
    switch self {
    case .grouped(let attention): "attention of \(attention)"
    case .latent(let attention): "attention of \(attention)"
    }
  }
}

extension LatentAttention: CustomStringConvertible {
  public var description: String {
    "\(headCount) heads on latents of \(latentLength) and \(turnedLength), values of \(valueLength)"
      + (indexer.map { ", on \($0.count) keys that \($0.headCount) heads of \($0.keyLength) choose" } ?? "")
  }
}

extension GroupedAttention: CustomStringConvertible {
  public var description: String {
    let parts = [
      "\(headCount) heads on \(keyValueHeadCount)", "keys of \(keyLength)", "values of \(valueLength)",
      headNorm.map { $0.extent == .head ? "normalized heads" : "normalized together" },
      window.map { "a window of \($0)" }, rotary == nil ? "not turned" : nil, softCap.map { "capped at \($0)" },
      clamp.map { "clamped to \($0)" }, distanceBias == nil ? nil : "biased by distance",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

extension FeedForward: CustomStringConvertible {
  public var description: String {
    switch self {
    case .gated(let block): "gated \(block.activation.rawValue) of \(block.width)"
    case .plain(let block): "\(block.activation.rawValue)\(block.isSquared ? "²" : "") of \(block.width)"
    case .experts(let block): "\(block)"
    }
  }
}

extension ExpertFeedForward: CustomStringConvertible {
  public var description: String {
    let parts = [
      "\(routing.chosen) of \(count) experts", "gated \(activation.rawValue) of \(width)",
      routing.groups.map { "in \($0.kept) of \($0.count) groups" }, shared.map { "\($0.width) shared" },
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}
