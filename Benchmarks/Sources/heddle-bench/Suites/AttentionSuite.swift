import Heddle

/// Attention of prompts, of one token over a long cache, and under masks that leave few keys.
enum AttentionSuite: Suite {
  static let name = "attention"
  static let title = "Attention"
  static let method = """
    <p>A row <code>&lt;mask&gt; T+P hQ/K dD</code> is attention of T tokens behind P in the cache, of Q query heads over K heads of \
    keys and values of D values each, stored in float32 unless a format stands behind. Rows of many tokens count operations, 4·D for \
    each query head and each key that a token sees; rows of one token count bytes: keys, values, queries and results, each once. \
    Some tokens of each result are checked against the float64 oracle.</p>
    <p><b>Ours.</b> The timer holds <code>Session.run</code> from call to return. Operands and results are bound to buffers on the \
    device; those of one token rotate over copies, so that they come from memory. Where keys are left out by a mask or a selection (what \
    selects is in the time), or stored in another format, <b>time</b> is the part of what the same tokens take under a causal mask, or with keys in float32.</p>
    """
  static let rates = "GFLOP/s, or GB/s for one token"
  static let rowKinds = (operations: "prompts", bytes: "one token")

  static func cases() throws -> (ordinary: [any BenchmarkCase], further: [any BenchmarkCase]) {
    let lengths = [512, 1024, 2048, 4096]
    let decode = [.float32, .float16, .bfloat16, .q8_0].map { prompt(.causal, 1, past: 16_383, cache: $0) }
    let model = [(1, 4095), (512, 3584)].map { prompt(.causal, $0.0, past: $0.1, heads: (9, 3)) }
    return (
      lengths.flatMap { [prompt(.full, $0), prompt(.causal, $0)] } + decode + model + masks(4096)
        + [selected(2048, 2), selected(8192, 8)],
      [prompt(.causal, 8192), prompt(.causal, 16_384), prompt(.causal, 32_768)] + masks(8192) + masks(16_384)
        + [selected(4096, 4), selected(16_384, 16)]
    )
  }

  static func quickCases() throws -> [any BenchmarkCase] {
    [
      prompt(.full, 20, heads: (2, 1), width: 16), prompt(.slidingWindow(8), 40, heads: (2, 2), width: 8),
      prompt(.causal, 1, past: 70, heads: (3, 1), width: 16, cache: .float16), selected(256, 1, heads: 2, width: 16),
    ]
  }

  static func countedGraphs() throws -> [CountedGraph] { [] }

  private static func masks(_ tokens: Int) -> [AttentionCase] {
    [
      .slidingWindow(64), .slidingWindow(1024), .causal & (.window(64) | .first(4)),
      .causal & .localGlobal(block: 64, global: 8),
    ].map { prompt($0, tokens) }
  }

  /// An eighth of the blocks before a token's own, chosen as it comes.
  private static func selected(_ tokens: Int, _ count: Int, heads: Int = 8, width: Int = 64) -> AttentionCase {
    AttentionCase(
      tokens: tokens, past: 0, heads: (heads, heads), width: width, mask: .causal, cache: .float32, isCompared: true,
      selected: count)
  }

  /// Of eight heads of 64 values, if nothing else is said.
  private static func prompt(
    _ mask: AttentionMask, _ tokens: Int, past: Int = 0, heads: (queries: Int, keys: Int) = (8, 8), width: Int = 64,
    cache: Encoding = .float32
  ) -> AttentionCase {
    let isPlain = cache == .float32 && (mask == .causal || mask == .full)
    return AttentionCase(
      tokens: tokens, past: past, heads: heads, width: width, mask: mask, cache: cache, isCompared: !isPlain)
  }
}
