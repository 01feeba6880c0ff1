import HeddleGraph
import HeddleReference

/// Cases at sizes that are worth timing, made as those of the tests are: what benchmarks take.
///
/// Their graphs have one operation, inputs of fixed extents and the output `y`. Products have ``MatMulSize``.
public enum SizedCases {
  /// Attention of `tokens` queries behind `past` keys in the cache, `width` values a head.
  public static func attention(
    tokens: Int, past: Int, queryHeads: Int, keyHeads: Int, width: Int, mask: AttentionMask = .causal,
    cache: Encoding = .float32
  ) throws -> OpCase {
    let size = AttentionSize(
      tokens: tokens, past: past, queryHeads: queryHeads, keyHeads: keyHeads, width: width, valueWidth: width, spare: 0,
      mask: mask)
    return try Attention.make(size, form: .plain, isSymbolic: false, keyEncoding: cache, valueEncoding: cache)
  }

  /// ``BlockSelection``: attention to a token's own block of 64 and the `count` blocks that are liked best.
  public static func blockSelection(tokens: Int, heads: Int, width: Int, count: Int) throws -> OpCase {
    try BlockSelection(tokens: tokens, heads: heads, width: width, count: count).opCase()
  }

  /// Queries and keys that meet there, of one head.
  public static func blockSelectionPairs(tokens: Int, count: Int) throws -> Int {
    try BlockSelection(tokens: tokens, heads: 1, width: 1, count: count).pairs
  }

  public static func rmsNorm(rows: Int, width: Int) throws -> OpCase {
    try RMSNorm.make("\([rows, width])", [rows, width], 1e-5, .plain, isSymbolic: false)
  }

  public static func softmax(rows: Int, width: Int) throws -> OpCase {
    try Softmax.make("\([rows, width])", [rows, width], .plain, isSymbolic: false)
  }

  public static func add(rows: Int, width: Int) throws -> OpCase {
    try Binary.make(.add, ([rows, width], [rows, width]), (.plain, .plain), isSymbolic: false)
  }

  public static func silu(rows: Int, width: Int) throws -> OpCase {
    let draft = CaseDraft(Unary.self, "silu \([rows, width])")
    let x = try draft.units([rows, width], times: 4)
    return try Unary.make(draft, .silu, x, draft.input("x", x))
  }

  public static func rotaryEmbedding(tokens: Int, heads: Int, width: Int) throws -> OpCase {
    try RotaryEmbedding.make(
      RotaryEmbedding(base: 10_000, rotatedDimensions: width, pairing: .interleaved), [tokens, heads, width], start: 0,
      hasFactors: false, form: .plain, isSymbolic: false)
  }

  /// Rows of a constant table.
  public static func embeddingLookup(
    _ encoding: Encoding, vocabulary: Int, width: Int, tokens: Int
  ) throws -> OpCase {
    let draft = CaseDraft(EmbeddingLookup.self, "\(encoding) \(vocabulary)x\(width) ids[\(tokens)]")
    let table = try draft.repeatedWeights(encoding, [vocabulary, width])
    let ids = (0..<tokens).map { _ in draft.random.integer(0...vocabulary - 1) }
    let y = try draft.builder.embeddingLookup(
      table: draft.constant("table", table), ids: draft.input("ids", draft.integers(ids, [tokens])))
    return try draft.finish(["y": y], .exact)
  }

  /// DeepSeek V3's choice: sigmoid, a bias, the eight best of the best four of eight groups.
  public static func route(tokens: Int, experts: Int) throws -> OpCase {
    let groups = Route.Groups(count: 8, kept: 4, score: .sumOfTwoGreatest)
    return try Route.make(
      Route(count: 8, scores: .sigmoid, groups: groups, normalizes: true, scale: 2.5, bias: true), tokens, experts,
      isSymbolic: false)
  }

  public static func argmax(rows: Int, width: Int) throws -> OpCase {
    let draft = CaseDraft(ArgMax.self, "\([rows, width])")
    return try ArgMax.make(draft, draft.units([rows, width]), .plain, isSymbolic: false)
  }

  /// A matrix copied with its axes exchanged.
  public static func transpose(rows: Int, width: Int) throws -> OpCase {
    let draft = CaseDraft(Transpose.self, "f32 \([rows, width])")
    let y = try draft.builder.transpose(draft.input("x", draft.units([rows, width])), [1, 0])
    return try draft.finish(["y": y], .exact)
  }

  /// A constant in any encoding, widened to float32.
  public static func widen(_ encoding: Encoding, rows: Int, width: Int) throws -> OpCase {
    let draft = CaseDraft(Encode.self, "\(encoding) \([rows, width])")
    let x = try draft.constant("x", draft.repeatedWeights(encoding, [rows, width]))
    return try Encode.converted(draft, x, zerosAreRight: true)
  }
}
