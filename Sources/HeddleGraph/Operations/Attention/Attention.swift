/// Grouped-query attention of tokens to the keys and values that a mask lets them see.
///
/// ```
/// y[t, h, :] = Σ_j p[t, h, j] · values[j, g, :]      p = softmax_j(cap(scale · queries[t, h, :] · keys[j, g, :]))
/// t's place is past + t,   g = ⌊h / (Hq / Hkv)⌋,   cap(s) = softCap · tanh(s / softCap), s itself if there is no softCap
/// ```
///
/// - queries `[T, Hq, D]` float32; keys `[C, Hkv, D]` and values `[C, Hkv, E]`, each float32, float16, bfloat16, q8_0, int8_g64 or
///   int8_g128 and read as float32; result `[T, Hq, E]` float32. T tokens, C rows of the cache, Hq a multiple of Hkv.
/// - With ``valueLength`` E there are no values: those of a key are the first E of its own D, read once. That is DeepSeek's
///   latent attention (576 and 512), and attention whose keys are its values.
/// - ``mask`` says which of the C keys a token sees. Where it is causal, and no operand says where tokens are, `past + T` rows are in
///   use, at most as many as a sequence has; else all are.
///   What a row holds that is not seen cannot leak. A token that sees no key, or whose scores are all −∞, gives 0.
/// - ``takes`` names further operands: the places of queries, the sequences of a ragged batch, the pages of a cache, and what
///   is added to scores: see ``AttentionRoles``.
/// - ``logSumExp`` gives a second result `[T, Hq]` float32, `log Σ_j e^score`, −∞ if no key is seen and there is no sink: ``MergeAttention`` joins what
///   attention to different keys gave.
/// - Keys are visited in chunks of fixed positions, merged in order: a query's bits do not depend on how many
///   queries run with it.
/// - Source: Ainslie et al., *GQA*, 2023; Dao et al., *FlashAttention*, 2022 (online softmax); Gemma 2 (soft cap); DeepSeek-AI,
///   *DeepSeek-V2*, 2024 (latent attention).
public struct Attention: GraphOperation {
  public static let description = OperationDescription(
    "attention", family: "Attention",
    "y[t, h, :] = Σ_j softmax_j(scale · queries[t, h, :] · keys[j, g, :]) · values[j, g, :], of the keys j that mask lets the "
      + "token at past + t see, g = ⌊h / (Hq / Hkv)⌋",
    operands: [
      .init("queries", "[T, Hq, D] f32"),
      .init("keys", "[C, Hkv, D] f32, f16, bf16, q8_0, int8_g64 or int8_g128"),
      .init("values", "[C, Hkv, E] like keys, each its own; none if valueLength is given"),
    ] + AttentionRoles.descriptions,
    members: [
      .init("past", .dimension), .init("scale", .number), .init("mask", .text, default: "\"causal\""),
      .init("softCap", .number, default: "null"), .init("logSumExp", .flag, default: "false"),
      .init("valueLength", .integer, default: "null"),
      .init("takes", .object, members: AttentionRoles.members, default: "{}"),
    ], result: "[T, Hq, E] f32; and [T, Hq] f32 if logSumExp")

  /// The position of the first query among the keys: tokens in the cache before this chunk.
  public var past: Dimension
  public var scale: Float
  public var mask: AttentionMask
  /// The greatest magnitude of a score; nil for none.
  public var softCap: Float?
  /// Whether the logarithm of each softmax's denominator is a result too.
  public var logSumExp: Bool
  /// How many of a key's values, from the first on, are the values of that key; nil if values are an operand.
  public var valueLength: Int?
  /// Which operands there are beside queries, keys and values.
  public var takes: AttentionRoles

  public init(
    scale: Float, past: Dimension = 0, mask: AttentionMask = .causal, softCap: Float? = nil, logSumExp: Bool = false,
    valueLength: Int? = nil, takes: AttentionRoles = AttentionRoles()
  ) {
    self.scale = scale
    self.past = past
    self.mask = mask
    self.softCap = softCap
    self.logSumExp = logSumExp
    self.valueLength = valueLength
    self.takes = takes
  }

  public var roles: [OperandRole] {
    Self.description.operands.filter {
      $0.name == "values" ? valueLength == nil : $0.flag == nil || takes.contains($0.name)
    }
  }

  /// How many operands stand before those that ``takes`` names.
  package var cacheOperandCount: Int { valueLength == nil ? 3 : 2 }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let queries = try operands.float32("queries", rank: 3)
    let keys = try operands.cachedFloats("keys", rank: takes.isPlural ? 4 : 3)
    let values = try values(operands, keys)
    if takes.isPlural {
      let what = takes.pages ? "pages" : "sequences"
      try operands.equal(keys.extent(0), values.extent(0), "the \(what) of keys and of values")
    }
    try operands.equal(keys.extent(-3), values.extent(-3), "the capacity of keys and of values")
    try operands.equal(keys.extent(-2), values.extent(-2), "the heads of keys and of values")
    try operands.equal(queries.extent(2), keys.extent(-1), "the head dimension of queries and of keys")
    guard let queryHeads = queries.extent(1).constant, let keyHeads = keys.extent(-2).constant,
      queries.extent(2).constant != nil, values.extent(-1).constant != nil
    else { throw .type("head counts and head dimensions must be fixed, got \(queries), \(keys), \(values)") }
    guard keyHeads > 0, queryHeads % keyHeads == 0 else {
      throw .type("query heads must be a multiple of key heads, got \(queryHeads) and \(keyHeads)")
    }
    guard scale.isFinite else { throw .attribute("scale", "must be finite, got \(scale)") }
    if let softCap, !(softCap > 0 && softCap.isNormal) {
      throw .attribute("softCap", "must be positive, finite and no subnormal number, got \(softCap)")
    }
    try mask.check()
    try check(operands)
    // Positions of a causal mask are places of the cache.
    try operands.require(past, "past", atMost: isWithinCapacity ? nil : Attention.greatestPast)
    let heads = [queries.extent(0), queries.extent(1)]
    return [TensorType(.float32, heads + [values.extent(-1)])] + (logSumExp ? [TensorType(.float32, heads)] : [])
  }

  /// The type of the values, which may be part of the keys.
  private func values(_ operands: Operands, _ keys: TensorType) throws(InferenceError) -> TensorType {
    guard let valueLength else { return try operands.cachedFloats("values", rank: takes.isPlural ? 4 : 3) }
    guard let dimension = keys.extent(-1).constant, (0...max(0, dimension)).contains(valueLength) else {
      throw .attribute("valueLength", "must be 0 to the head dimension of \(keys), got \(valueLength)")
    }
    return keys.replacing(keys.rank &- 1, Dimension(valueLength))
  }

  /// Where positions are not bound by the cache, they can be counted on with as much again.
  private static let greatestPast = Dimension(1 << 61)

  /// Whether each token's own key is there, as runs check: of a causal mask, where no operand says where tokens are.
  package var isWithinCapacity: Bool { mask.isCausal && !takes.positions }

  public func capacities(_ operands: [TensorType]) -> [Capacity] {
    guard isWithinCapacity, let queries = operands.first, let keys = operands.dropFirst().first else { return [] }
    let pages = zip(takes.names, operands.dropFirst(cacheOperandCount)).first { $0.0 == "pages" }?.1
    let capacity = keys.extent(-3) * (pages?.extent(1) ?? 1)
    return [Capacity(first: past, count: queries.extent(0), capacity: capacity)]
  }
}

extension Attention {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case past, scale, mask, softCap, logSumExp, valueLength, takes
  }

  /// What a plain causal attention has no use for may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(
      scale: try members.decode(Float.self, forKey: .scale),
      past: try members.decode(Dimension.self, forKey: .past),
      mask: try members.decodeIfPresent(AttentionMask.self, forKey: .mask) ?? .causal,
      softCap: try members.decodeIfPresent(Float.self, forKey: .softCap),
      logSumExp: try members.decodeIfPresent(Bool.self, forKey: .logSumExp) ?? false,
      valueLength: try members.decodeIfPresent(Int.self, forKey: .valueLength),
      takes: try members.decodeIfPresent(AttentionRoles.self, forKey: .takes) ?? AttentionRoles())
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(past, forKey: .past)
    try container.encode(scale, forKey: .scale)
    try container.encode(mask, forKey: .mask)
    try container.encodeIfPresent(softCap, forKey: .softCap)
    try container.encode(logSumExp, forKey: .logSumExp)
    try container.encodeIfPresent(valueLength, forKey: .valueLength)
    if !takes.names.isEmpty { try container.encode(takes, forKey: .takes) }
  }
}
