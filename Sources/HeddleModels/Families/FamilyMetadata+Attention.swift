import HeddleFormats
import HeddleGraph

/// What a family says of the attention of a layer beside what its files do.
struct AttentionForm {
  /// Which values of a head are a pair in the family's GGUF files.
  var pairing: RotaryEmbedding.Pairing
  /// Whether files may have `rope_freqs.weight`.
  var factors: Presence = .absent
  var headNorm: HeadNorm?
  var inputBias: Presence = .absent
  var outputBias: Presence = .absent
  /// Whether queries and keys are turned.
  var isTurned = true
  /// Whether a context beyond `rope.scaling.original_context_length` has rotary factors of its own, whatever `rope.scaling.type` says.
  var isLong = false
  var window: Int?
  /// The base of layers that are turned by one of their own, without scaling; nil for `rope.freq_base`.
  var localBase: Float?
  /// What scores are multiplied with if the file does not say; nil for 1/√K.
  var scale: Float?
  var softCap: Float?
  var clamp: Float?
  var distanceBias: DistanceBias?
  var sinks: Presence = .absent
}

extension FamilyMetadata {
  /// `attention.head_count`, `attention.head_count_kv` (as many, if absent), `attention.key_length` and
  /// `attention.value_length` (the width cut into heads, if absent), `attention.scale` (1/√K, if absent or 0), and the
  /// keys of ``rotary(_:keyLength:)``. The counts may differ from layer to layer.
  mutating func attention(_ layer: Int, _ form: AttentionForm) throws(ModelError) -> Mixer {
    let heads = try integer("attention.head_count", of: layer, in: 1...Limits.count)
    let groups = try integer("attention.head_count_kv", of: layer, in: 1...Limits.count, default: heads)
    guard heads.isMultiple(of: groups) else {
      throw invalid("attention.head_count_kv", groups, "the \(heads) query heads are not a multiple of it")
    }
    let keyLength = try headLength("attention.key_length", heads: heads)
    return .grouped(
      GroupedAttention(
        headCount: heads, keyValueHeadCount: groups, keyLength: keyLength,
        valueLength: try headLength("attention.value_length", heads: heads),
        scale: try attentionScale(keyLength, form.scale), headNorm: form.headNorm,
        rotary: form.isTurned ? try rotary(form, keyLength: keyLength) : nil, window: form.window,
        softCap: form.softCap, clamp: form.clamp, distanceBias: form.distanceBias, inputBias: form.inputBias,
        outputBias: form.outputBias, sinks: form.sinks))
  }

  private mutating func headLength(_ name: String, heads: Int) throws(ModelError) -> Int {
    if has(name) { return try integer(name, in: 1...Limits.count) }
    let width = try width()
    guard width.isMultiple(of: heads) else {
      throw invalid(
        "attention.head_count", heads, "the width of \(width) is not a multiple of it, and '\(key(name))' is missing")
    }
    return width.divided(by: heads)
  }

  private mutating func attentionScale(_ keyLength: Int, _ fallback: Float?) throws(ModelError) -> Float {
    let scale = try float("attention.scale", default: 0)
    guard scale >= 0, scale.isFinite else {
      throw invalid("attention.scale", scale, "it must be finite and not negative")
    }
    return scale == 0 ? fallback ?? Float(1 / Double(keyLength).squareRoot()) : scale
  }

  /// `attention.clamp_kqv`; nil if it is absent or 0.
  mutating func clamp() throws(ModelError) -> Float? {
    let limit = try float("attention.clamp_kqv", default: 0)
    guard limit >= 0, (2 * limit).isFinite else {
      throw invalid("attention.clamp_kqv", limit, "it must be finite and not negative")
    }
    return limit == 0 ? nil : limit
  }

  /// `attention.max_alibi_bias`; nil if it is 0.
  mutating func distanceBias(default fallback: Double) throws(ModelError) -> DistanceBias? {
    let maximum = try float("attention.max_alibi_bias", default: fallback)
    guard maximum >= 0, maximum.isFinite else {
      throw invalid("attention.max_alibi_bias", maximum, "it must be finite and not negative")
    }
    return maximum == 0 ? nil : DistanceBias(maximum: maximum)
  }

  /// `attention.sliding_window`; nil if it is absent, 0, or holds the whole context.
  mutating func window(default fallback: Int = 0) throws(ModelError) -> Int? {
    let window = try integer("attention.sliding_window", in: 0...Limits.context, default: fallback)
    let context = try contextLength()
    return window == 0 || window >= context ? nil : window
  }

  /// Whether some layers are local, even if their window holds the whole context: `attention.sliding_window` is above 0.
  mutating func hasWindow() throws(ModelError) -> Bool {
    try integer("attention.sliding_window", in: 0...Limits.context, default: 0) > 0
  }

  /// Whether a layer sees a window: `attention.sliding_window_pattern`, a flag for each layer, or a count n of which the last layer
  /// sees all; `fallback` if absent.
  mutating func isLocal(_ layer: Int, every fallback: Int) throws(ModelError) -> Bool {
    let name = "attention.sliding_window_pattern"
    if has(name), case .array(.bool(let flags)) = metadata[key(name)] {
      guard let flag = flags[at: layer] else {
        throw invalid(name, "\(flags.count) flags", "there are \(try layerCount()) layers")
      }
      return flag
    }
    let period = try integer(name, in: 0...Limits.layers, default: fallback)
    return period == 0 || layer % max(1, period) < period &- 1
  }

  /// The base that layers with a window turn by: `rope.freq_base_swa`.
  mutating func localBase(default fallback: Float) throws(ModelError) -> Float {
    let base = try float("rope.freq_base_swa", default: Double(fallback))
    guard base > 0, base.isFinite else { throw invalid("rope.freq_base_swa", base, "it must be finite and above 0") }
    return base
  }

  /// The base of all layers: `rope.freq_base` (10 000, if absent).
  mutating func base() throws(ModelError) -> Float {
    let base = try float("rope.freq_base", default: 10_000)
    guard base > 0, base.isFinite else { throw invalid("rope.freq_base", base, "it must be finite and above 0") }
    return base
  }

  /// ``base()``, `rope.dimension_count` (K, if absent), and the keys of ``scaling(_:)``.
  ///
  /// A family's GGUF files may have heads reordered so that pairs are neighbours; where `heddle.rotary_pairing` is `halves`, they are not.
  mutating func rotary(_ form: AttentionForm, keyLength: Int) throws(ModelError) -> Rotary {
    let base = try base()
    let dimensions = try integer("rope.dimension_count", in: 1...Limits.width, default: keyLength)
    guard dimensions.isMultiple(of: 2), dimensions <= keyLength else {
      throw invalid(
        "rope.dimension_count", dimensions, "it must be even and at most the head length of \(keyLength)")
    }
    let scaling = try scaling(form)
    return Rotary(
      pairing: try pairing(form.pairing), base: form.localBase ?? base, dimensions: dimensions,
      scaling: form.localBase == nil ? scaling : .none)
  }

  /// How the rows of Wq and Wk are ordered, if not as in the family's GGUF files.
  private func pairing(_ fallback: RotaryEmbedding.Pairing) throws(ModelError) -> RotaryEmbedding.Pairing {
    let key = RotaryPairing.key
    guard let value = metadata[key] else { return fallback }
    guard case .string(let name) = value, let pairing = RotaryEmbedding.Pairing(rawValue: name) else {
      let names = RotaryEmbedding.Pairing.allCases.map(\.rawValue).joined(separator: ", ")
      throw .unsupportedValue(key: key, value: value.description, supported: names)
    }
    return pairing
  }
}
