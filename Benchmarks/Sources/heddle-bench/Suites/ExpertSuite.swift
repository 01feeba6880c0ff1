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
    float64.</p>
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
    let ordinary = formats.flatMap { encoding, isOfLevels in
      [1, 512].map { product(encoding, $0, 8, 64, 2048, 1024, isOfLevels) }
    }
    // DeepSeek V3's own 256 experts of 8, a quarter as wide.
    let further = [1, 4, 16, 64, 512].map { product(.q4_k, $0, 8, 256, 1792, 512, true) }
    return (ordinary, further)
  }

  static func quickCases() throws -> [any BenchmarkCase] {
    [
      product(.float32, 1, 2, 5, 61, 48, false), product(.q8_0, 37, 2, 5, 64, 48, false),
      product(.q4_k, 9, 3, 4, 256, 32, true),
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
