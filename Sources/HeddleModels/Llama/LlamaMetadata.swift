import HeddleFormats

/// The `llama.…` keys of a file's metadata, with the rules that need more than one key.
struct LlamaMetadata {
  private let metadata: GGUFMetadata

  init(_ metadata: GGUFMetadata) { self.metadata = metadata }

  func key(_ name: String) -> String { "\(LlamaConfiguration.architecture).\(name)" }

  func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int? = nil) throws(ModelError) -> Int {
    try ModelError.reading { () throws(GGUFError) in
      try metadata.integer(key(name), in: range, default: fallback)
    }
  }

  func float(_ name: String, default fallback: Double? = nil) throws(ModelError) -> Float {
    try ModelError.reading { () throws(GGUFError) in
      Float(try metadata.float(key(name), default: fallback))
    }
  }

  // Traps: never, counts of heads are 1 or more.
  /// The length of a head: the key's value, or the width cut into heads.
  func headLength(_ name: String, width: Int, heads: Int) throws(ModelError) -> Int {
    if metadata[key(name)] != nil { return try integer(name, in: 1...1 << 16) }
    guard width % heads == 0 else {
      throw .invalidValue(
        key: key("attention.head_count"), value: "\(heads)",
        reason: "the width of \(width) is not a multiple of it, and '\(key(name))' is missing")
    }
    return width / heads
  }

  /// What products of queries and keys are multiplied with.
  func attentionScale(keyLength: Int) throws(ModelError) -> Float {
    let scale = try float("attention.scale", default: 0)
    guard scale >= 0, scale.isFinite else {
      throw .invalidValue(key: key("attention.scale"), value: "\(scale)", reason: "it must be finite and not negative")
    }
    return scale == 0 ? Float(1 / Double(keyLength).squareRoot()) : scale
  }

  /// What positions are multiplied with: `linear` scaling divides them by its factor.
  func rotaryFrequencyScale() throws(ModelError) -> Float {
    let type = try ModelError.reading { () throws(GGUFError) in
      try metadata.string(key("rope.scaling.type"), default: "")
    }
    let factorName: String
    switch type {
    case "none": return 1
    // Files older than `rope.scaling.type` have only a factor, which is linear.
    case "linear", "":
      factorName = metadata[key("rope.scaling.factor")] == nil ? "rope.scale_linear" : "rope.scaling.factor"
    default: throw .unsupportedValue(key: key("rope.scaling.type"), value: "'\(type)'", supported: "none, linear")
    }
    let factor = try float(factorName, default: 1)
    guard factor > 0, factor.isFinite, (1 / factor).isFinite else {
      throw .invalidValue(key: key(factorName), value: "\(factor)", reason: "it must be finite and above 0")
    }
    return 1 / factor
  }

  func vocabularySize(in range: ClosedRange<Int>) throws(ModelError) -> Int {
    if metadata[key("vocab_size")] != nil { return try integer("vocab_size", in: range) }
    let tokens = try ModelError.reading { () throws(GGUFError) in try metadata.strings("tokenizer.ggml.tokens") }
    guard range.contains(tokens.count) else {
      throw .invalidValue(key: "tokenizer.ggml.tokens", value: "\(tokens.count) tokens", reason: "must be in \(range)")
    }
    return tokens.count
  }
}
