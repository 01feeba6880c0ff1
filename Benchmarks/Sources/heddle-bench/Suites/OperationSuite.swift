import Heddle
import _KernelCases

/// Every family of operations but products, each alone, at sizes of the demo model and larger.
enum OperationSuite: Suite {
  static let name = "operations"
  static let title = "Attention, norms, elementwise, indexing, layout, quantization"
  static let method = """
    <p>A row is one operation of a graph of its own, on the values that the tests' makers of cases give at that size, and \
    its result is checked against the same oracle within the same bound. Attention of many tokens counts operations, \
    2·(D + E) for each query head and each key that a token sees; every other row counts bytes: operands and results, \
    each once, of a table the rows that are looked up.</p>
    <p><b>Ours.</b> The timer holds <code>Session.run</code> from call to return. Operands and results are bound to \
    buffers on the device, and those of rows that count bytes rotate over copies, so that they come from memory.</p>
    """
  static let rates = "GB/s, or GFLOP/s for attention of many tokens"
  static let rowKinds = (operations: "counting operations", bytes: "counting bytes")

  static func cases() throws -> (ordinary: [any BenchmarkCase], further: [any BenchmarkCase]) {
    let ordinary = try [
      attention(1, past: 1023), attention(1, past: 4095), attention(128, past: 0), attention(512, past: 0),
      OperationCase("rms-norm 512x576", SizedCases.rmsNorm(rows: 512, width: 576)),
      OperationCase("rms-norm 512x4096", SizedCases.rmsNorm(rows: 512, width: 4096)),
      OperationCase("softmax 512x4096", SizedCases.softmax(rows: 512, width: 4096)),
      OperationCase("add 512x1536", SizedCases.add(rows: 512, width: 1536)),
      OperationCase("silu 512x1536", SizedCases.silu(rows: 512, width: 1536)),
      OperationCase("rotary 512x9x64", SizedCases.rotaryEmbedding(tokens: 512, heads: 9, width: 64)),
      lookup(.blocks(.q4_1)), lookup(.blocks(.q8_0)),
      OperationCase("argmax 16x49152", SizedCases.argmax(rows: 16, width: 49_152)),
      OperationCase("transpose 1024x1024", SizedCases.transpose(rows: 1024, width: 1024)),
      widened(.float16), widened(.blocks(.q4_1)), widened(.blocks(.q8_0)),
    ]
    return (ordinary, [])
  }

  static func quickCases() throws -> [any BenchmarkCase] {
    try [
      OperationCase(
        "attention 1+40 h3/1 d16",
        SizedCases.attention(tokens: 1, past: 40, queryHeads: 3, keyHeads: 1, width: 16)),
      OperationCase(
        "attention 9+0 h3/1 d16",
        SizedCases.attention(tokens: 9, past: 0, queryHeads: 3, keyHeads: 1, width: 16), operations: true),
      OperationCase("rms-norm 5x65", SizedCases.rmsNorm(rows: 5, width: 65)),
      OperationCase("softmax 5x65", SizedCases.softmax(rows: 5, width: 65)),
      OperationCase("add 5x65", SizedCases.add(rows: 5, width: 65)),
      OperationCase("silu 5x65", SizedCases.silu(rows: 5, width: 65)),
      OperationCase("rotary 5x3x16", SizedCases.rotaryEmbedding(tokens: 5, heads: 3, width: 16)),
      OperationCase(
        "lookup-q8_0 5x64", SizedCases.embeddingLookup(.blocks(.q8_0), vocabulary: 33, width: 64, tokens: 5)),
      OperationCase("argmax 5x65", SizedCases.argmax(rows: 5, width: 65)),
      OperationCase("transpose 5x65", SizedCases.transpose(rows: 5, width: 65)),
      OperationCase("widen-q4_1 5x64", SizedCases.widen(.blocks(.q4_1), rows: 5, width: 64)),
    ]
  }

  static func countedGraphs() throws -> [CountedGraph] { [] }

  /// The demo model's: 9 query heads, 3 key heads of 64 values.
  private static func attention(_ tokens: Int, past: Int) throws -> OperationCase {
    OperationCase(
      "attention \(tokens)+\(past) h9/3 d64",
      try SizedCases.attention(tokens: tokens, past: past, queryHeads: 9, keyHeads: 3, width: 64),
      operations: tokens > 1)
  }

  /// Of 512 tokens in the demo model's vocabulary.
  private static func lookup(_ encoding: Encoding) throws -> OperationCase {
    let (tokens, width) = (512, 576)
    let made = try SizedCases.embeddingLookup(encoding, vocabulary: 49_152, width: width, tokens: tokens)
    return OperationCase(
      "lookup-\(encoding.name) \(tokens)x\(width)", made,
      byteCount: try encoding.byteCount(shape: [tokens, width]) + 4 * tokens * width + 4 * tokens)
  }

  private static func widened(_ encoding: Encoding) throws -> OperationCase {
    OperationCase("widen-\(encoding.name) 1536x576", try SizedCases.widen(encoding, rows: 1536, width: 576))
  }
}
