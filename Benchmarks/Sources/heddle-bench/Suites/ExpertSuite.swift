import Heddle
import _KernelCases

/// `y[t, j] = w[indices[t, j]] · x[t]` with the weights of experts.
enum ExpertSuite: Suite {
  static let name = "experts"
  static let title = "Products by expert"
  static let method = """
    <p>A row <code>experts-&lt;values&gt; T×N of E K×M</code> multiplies T tokens of K inputs with the weights of N experts each, of \
    E with M rows; with <code>int8</code> behind it activations are quantized first. A token's experts are drawn by chance, no one \
    twice. Rows of as many pairs of token and expert as experts, or fewer, count bytes: the weights of the experts that are used, \
    activations and results, each once; other rows count 2·T·N·K·M operations. Some values of each result are checked against \
    float64. A row <code>route T to 8 of E</code> is DeepSeek V3's choice of experts, and counts bytes.</p>
    <p><b>Ours.</b> Weights are packed beforehand. The timer holds <code>Session.run</code> from call to return, with sorting the \
    pairs by expert. In the same turns runs the dense product that reads as many weights and does as many operations: <b>time</b> is \
    the part of that one's.</p>
    """
  static let rates = "GFLOP/s, or GB/s for few tokens"
  static let rowKinds = (operations: "many tokens", bytes: "few tokens")

  static func cases() throws -> (ordinary: [any BenchmarkCase], further: [any BenchmarkCase]) {
    let formats: [(Encoding, Bool)] = [
      (.float32, false), (.q8_0, false), (.q8_0, true), (.q4_k, false), (.q4_k, true), (.mxfp4, true),
    ]
    let products = formats.flatMap { encoding, isOfLevels in
      [1, 512].map { product(encoding, $0, 8, 64, 2048, 1024, isOfLevels) }
    }
    let ordinary: [any BenchmarkCase] = products + [1, 512].map { RouteCase(tokens: $0, experts: 256) }
    // DeepSeek V3's own 256 experts, 8 of them a token, a quarter as wide.
    let further = [1, 4, 16, 64, 512].map { product(.q4_k, $0, 8, 256, 1792, 512, true) }
    // Their own size too, of as many of them as memory has room for.
    let whole = [1, 16, 512].map { product(.q4_k, $0, 8, 32, 7168, 2048, true) }
    return (ordinary, further + whole)
  }

  static func quickCases() throws -> [any BenchmarkCase] {
    [
      product(.float32, 1, 2, 5, 61, 48, false), product(.q8_0, 37, 2, 5, 64, 48, false),
      product(.q4_k, 9, 3, 4, 256, 32, true), RouteCase(tokens: 3, experts: 32),
    ]
  }

  static func countedGraphs() throws -> [CountedGraph] { [] }

  private static func product(
    _ encoding: Encoding, _ tokens: Int, _ count: Int, _ experts: Int, _ inputs: Int, _ outputs: Int, _ isOfLevels: Bool
  ) -> ExpertCase {
    ExpertCase(
      encoding, tokens: tokens, count: count, experts: experts, inputs: inputs, outputs: outputs,
      quantizesActivations: isOfLevels)
  }
}
