import HeddleFormats

/// The hyperparameters of a llama model, read from a file's metadata and checked: what is built from them cannot
/// overflow, divide by zero or disagree with itself.
public struct LlamaConfiguration: Hashable, Encodable, Sendable {
  /// `llama.block_count`: layers.
  public let blockCount: Int
  /// `llama.embedding_length`: values of a token between layers.
  public let width: Int
  /// `llama.feed_forward_length`
  public let feedForwardWidth: Int
  /// `llama.attention.head_count`: query heads.
  public let headCount: Int
  /// `llama.attention.head_count_kv`: key and value heads; ``headCount`` is a multiple. As many, if absent.
  public let keyValueHeadCount: Int
  /// `llama.attention.key_length`: values of a query or key head; `width / headCount` if absent.
  public let keyLength: Int
  /// `llama.attention.value_length`: values of a value head; `width / headCount` if absent.
  public let valueLength: Int
  /// `llama.attention.scale`: what products of queries and keys are multiplied with; `1/√keyLength` if absent or 0.
  public let attentionScale: Float
  /// `llama.attention.layer_norm_rms_epsilon`
  public let normEpsilon: Float
  /// `llama.rope.freq_base`; 10 000 if absent.
  public let rotaryBase: Float
  /// `llama.rope.dimension_count`: how many of a head's values are turned; ``keyLength`` if absent.
  public let rotaryDimensions: Int
  /// 1 over `llama.rope.scaling.factor` if `llama.rope.scaling.type` is `linear`, else 1.
  public let rotaryFrequencyScale: Float
  /// `llama.context_length`: the most tokens of a sequence.
  public let contextLength: Int
  /// `llama.vocab_size`; the count of `tokenizer.ggml.tokens` if absent.
  public let vocabularySize: Int

  /// The architecture that this configures.
  public static let architecture = "llama"

  /// - Throws: ``ModelError/unsupportedArchitecture(_:supported:)``, ``ModelError/file(_:)`` for a key that is missing,
  ///   of a wrong type or out of range, ``ModelError/invalidValue(key:value:reason:)`` for values that contradict each
  ///   other, ``ModelError/unsupportedValue(key:value:supported:)`` for what Heddle does not compute, and for keys of the
  ///   architecture that it does not know.
  public init(_ metadata: GGUFMetadata) throws(ModelError) {
    let architecture = try ModelError.reading { () throws(GGUFError) in
      // First: a part may lack every other key.
      try metadata.requireWhole()
      return try metadata.string("general.architecture")
    }
    guard architecture == Self.architecture else {
      throw .unsupportedArchitecture(architecture, supported: [Self.architecture])
    }
    let values = LlamaMetadata(metadata)
    let experts = try values.integer("expert_count", in: 0...Limits.count, default: 0)
    guard experts == 0 else {
      throw .unsupportedValue(key: values.key("expert_count"), value: "\(experts)", supported: "models without experts")
    }
    blockCount = try values.integer("block_count", in: 1...Limits.blocks)
    width = try values.integer("embedding_length", in: 1...Limits.width)
    feedForwardWidth = try values.integer("feed_forward_length", in: 1...Limits.width)
    contextLength = try values.integer("context_length", in: 1...Limits.context)
    headCount = try values.integer("attention.head_count", in: 1...Limits.count)
    keyValueHeadCount = try values.integer("attention.head_count_kv", in: 1...Limits.count, default: headCount)
    // Traps: never, counts of heads are 1 or more.
    guard headCount % keyValueHeadCount == 0 else {
      throw .invalidValue(
        key: values.key("attention.head_count_kv"), value: "\(keyValueHeadCount)",
        reason: "the \(headCount) query heads are not a multiple of it")
    }
    keyLength = try values.headLength("attention.key_length", width: width, heads: headCount)
    valueLength = try values.headLength("attention.value_length", width: width, heads: headCount)
    attentionScale = try values.attentionScale(keyLength: keyLength)
    normEpsilon = try values.float("attention.layer_norm_rms_epsilon")
    guard normEpsilon >= 0, normEpsilon < 1 else {
      throw .invalidValue(
        key: values.key("attention.layer_norm_rms_epsilon"), value: "\(normEpsilon)", reason: "it must be in 0..<1")
    }
    rotaryBase = try values.float("rope.freq_base", default: 10_000)
    guard rotaryBase > 0, rotaryBase.isFinite else {
      throw .invalidValue(
        key: values.key("rope.freq_base"), value: "\(rotaryBase)", reason: "it must be finite and above 0")
    }
    rotaryDimensions = try values.integer("rope.dimension_count", in: 1...Limits.width, default: keyLength)
    guard rotaryDimensions % 2 == 0, rotaryDimensions <= keyLength else {
      throw .invalidValue(
        key: values.key("rope.dimension_count"), value: "\(rotaryDimensions)",
        reason: "it must be even and at most the head length of \(keyLength)")
    }
    rotaryFrequencyScale = try values.rotaryFrequencyScale()
    vocabularySize = try values.vocabularySize(in: 1...Limits.width)
    try LlamaKeys.check(metadata, contextLength: contextLength)
  }

  /// Far above any model in use; products of two of them fit 64 bits.
  private enum Limits {
    static let blocks = 4096
    static let count = 1 << 16
    static let width = 1 << 24
    static let context = 1 << 30
  }
}
