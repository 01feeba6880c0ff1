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
    case .grouped(let attention):
      "attention of \(attention.headCount) heads on \(attention.keyValueHeadCount), keys of \(attention.keyLength), "
        + "values of \(attention.valueLength)" + (attention.headNorm == nil ? "" : ", normalized heads")
    }
  }
}

extension FeedForward: CustomStringConvertible {
  public var description: String {
    switch self {
    case .gated(let block): "gated \(block.activation.rawValue) of \(block.width)"
    }
  }
}
