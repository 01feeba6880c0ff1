import HeddleGraph
import HeddleReference

/// Cases at sizes that are worth timing, made as those of the tests are: what benchmarks take.
///
/// Their graphs have one operation, inputs of fixed extents and the output `y`. Products have ``MatMulSize``.
public enum SizedCases {
  /// Attention of `tokens` queries behind `past` keys in the cache, `width` values a head.
  public static func attention(
    tokens: Int, past: Int, queryHeads: Int, keyHeads: Int, width: Int
  ) throws -> OpCase {
    let size = AttentionSize(
      tokens: tokens, past: past, queryHeads: queryHeads, keyHeads: keyHeads, width: width, valueWidth: width, spare: 0)
    return try KernelCases.attention(size, form: .plain, isSymbolic: false)
  }

  public static func rmsNorm(rows: Int, width: Int) throws -> OpCase {
    try KernelCases.rmsNorm("\([rows, width])", [rows, width], 1e-5, .plain, isSymbolic: false)
  }

  public static func softmax(rows: Int, width: Int) throws -> OpCase {
    try KernelCases.softmax("\([rows, width])", [rows, width], .plain, isSymbolic: false)
  }

  public static func add(rows: Int, width: Int) throws -> OpCase {
    try KernelCases.elementwise(.add, ([rows, width], [rows, width]), (.plain, .plain), isSymbolic: false)
  }

  public static func silu(rows: Int, width: Int) throws -> OpCase {
    let draft = CaseDraft("Elementwise", .unary, "silu \([rows, width])")
    let x = try draft.units([rows, width], times: 4)
    return try KernelCases.unary(draft, .silu, x, draft.input("x", x))
  }

  public static func rotaryEmbedding(tokens: Int, heads: Int, width: Int) throws -> OpCase {
    try KernelCases.rotary(
      RotaryEmbedding(base: 10_000, rotatedDimensions: width, pairing: .interleaved), [tokens, heads, width], start: 0,
      hasFactors: false, form: .plain, isSymbolic: false)
  }

  /// Rows of a constant table.
  public static func embeddingLookup(
    _ encoding: Encoding, vocabulary: Int, width: Int, tokens: Int
  ) throws -> OpCase {
    let draft = CaseDraft("Indexing", .embeddingLookup, "\(encoding) \(vocabulary)x\(width) ids[\(tokens)]")
    let table = try draft.repeatedWeights(encoding, [vocabulary, width])
    let ids = (0..<tokens).map { _ in draft.random.integer(0...vocabulary - 1) }
    let y = try draft.builder.embeddingLookup(
      table: draft.constant("table", table), ids: draft.input("ids", draft.integers(ids, [tokens])))
    return try draft.finish(["y": y], .exact)
  }

  public static func argmax(rows: Int, width: Int) throws -> OpCase {
    let draft = CaseDraft("Indexing", .argmax, "\([rows, width])")
    return try KernelCases.argmax(draft, draft.units([rows, width]), .plain, isSymbolic: false)
  }

  /// A matrix copied with its axes exchanged.
  public static func transpose(rows: Int, width: Int) throws -> OpCase {
    let draft = CaseDraft("Layout", .transpose, "f32 \([rows, width])")
    let y = try draft.builder.transpose(draft.input("x", draft.units([rows, width])), [1, 0])
    return try draft.finish(["y": y], .exact)
  }

  /// A constant in any encoding, widened to float32.
  public static func convert(_ encoding: Encoding, rows: Int, width: Int) throws -> OpCase {
    let draft = CaseDraft("Quantization", .convert, "\(encoding) \([rows, width])")
    let x = try draft.constant("x", draft.repeatedWeights(encoding, [rows, width]))
    return try KernelCases.converted(draft, x, zerosAreRight: true)
  }
}
