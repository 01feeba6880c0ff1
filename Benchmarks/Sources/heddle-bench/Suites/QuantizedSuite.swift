import Heddle

/// Dense `y = x · wᵀ` with constant quantized weights, activations as they are and of eight bits.
enum QuantizedSuite: Suite {
  static let name = "quantized"
  static let title = "Quantized matmul"
  static let method = """
    <p>A row <code>dense-&lt;values&gt; T×K×M</code> multiplies T tokens of K inputs with a constant quantized weight of M rows; \
    with <code>int8</code> behind it the activations are quantized to eight bits first, and whole numbers are multiplied. Rows of \
    more than 16 tokens count 2·T·K·M operations; rows of 1 to 16 tokens count bytes: the weights as stored in a file, the \
    activations and the results, each once.</p>
    <p><b>Ours.</b> Weights are packed beforehand. The timer holds <code>Session.run</code> from call to return, with all that \
    happens to the activations. In rows that count bytes one run computes as many products as there are copies of the weights, \
    which together exceed the last-level cache four times over: as a step of a model, whose layers follow each other without the \
    host.</p>
    """
  static let rates = "GFLOP/s, or GB/s for 1 to 16 tokens"

  private static let formats: [Encoding] = [
    .q4_0, .q4_1, .q8_0, .q4_k, .q6_k, .iq4_xs, .int4_g128, .fp8_e4m3_g128, .mxfp4,
  ]

  static func cases() throws -> (ordinary: [any BenchmarkCase], further: [any BenchmarkCase]) {
    let sizes = [(4096, 4096), (2048, 49152)]
    let decode = try sizes.flatMap { inputs, outputs in
      try formats.flatMap { try both($0, 1, inputs, outputs) }
    }
    let prompt = try formats.flatMap { try both($0, 512, 4096, 4096) } + [MatMulProblem(.float32, 512, 4096, 4096)]
    let others = Encoding.weights.filter { !formats.contains($0) && !$0.isScalar }
    let further = try others.flatMap { try both($0, 1, 4096, 4096) + both($0, 512, 4096, 4096) }
    return (decode + prompt, further)
  }

  static func quickCases() throws -> [any BenchmarkCase] {
    try both(.q4_0, 1, 64, 48) + both(.q4_k, 17, 256, 33) + both(.q8_0, 2, 96, 80)
  }

  static func countedGraphs() throws -> [CountedGraph] {
    try both(.q4_0, 512, 576, 1536).map { CountedGraph($0, runs: [1, 512]) }
  }

  private static func both(
    _ encoding: Encoding, _ tokens: Int, _ inputs: Int, _ outputs: Int
  ) throws -> [MatMulProblem] {
    try [false, true].filter { !$0 || encoding.values.levels != nil }.map {
      try MatMulProblem(encoding, tokens, inputs, outputs, quantizesActivations: $0, isChained: tokens <= 16)
    }
  }
}
