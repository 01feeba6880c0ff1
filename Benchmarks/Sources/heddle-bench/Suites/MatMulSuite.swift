import Heddle

/// Dense `y = x · wᵀ` with constant weights.
enum MatMulSuite: Suite {
  static let name = "matmul"
  static let title = "Dense matmul"
  static let method = """
    <p>A row <code>dense-&lt;values&gt; T×K×M</code> multiplies T tokens of K inputs with a constant weight of M rows. \
    Rows of more than 16 tokens count 2·T·K·M operations; rows of 1 to 16 tokens count bytes: the weights in their own \
    format, the activations and the results, each once. A peer that reads more bytes for the same product (widened \
    weights) is counted by the same bytes.</p>
    <p><b>Ours.</b> Weights are packed beforehand. The timer holds <code>Session.run</code> from call to return: \
    everything kernels do to the activations, every launch, and waiting for the last. Activations and results are bound \
    to buffers on the device, as the peers' are in memory.</p>
    """

  static let rates = "GFLOP/s, or GB/s for 1 to 16 tokens"

  static func cases() throws -> (ordinary: [any BenchmarkCase], further: [any BenchmarkCase]) {
    var ordinary: [MatMulProblem] = []
    // Square and awkward sizes.
    ordinary += try [512, 1000, 1023, 1024, 1536, 2048, 3072, 4096].map { try cube(.float32, $0) }
    ordinary += try [MatMulProblem(.float32, 577, 1537, 577), MatMulProblem(.float32, 1537, 577, 1537)]
    ordinary += try [512, 1024, 2048, 4096].map { try cube(.bfloat16, $0) }
    ordinary += try [1024, 2048, 4096].map { try cube(.float16, $0) }
    // One token and a few: a square weight, and the demo model's vocabulary.
    for (inputs, outputs) in [(4096, 4096), (576, 49152)] {
      for encoding in [Encoding.float32, .float16, .bfloat16] {
        ordinary.append(try MatMulProblem(encoding, 1, inputs, outputs))
      }
      ordinary += try [2, 4, 8, 16].map { try MatMulProblem(.float32, $0, inputs, outputs) }
    }
    ordinary += try [MatMulProblem(.float16, 4, 4096, 4096), MatMulProblem(.bfloat16, 4, 4096, 4096)]
    // The demo model's feed-forward with the encodings it comes in.
    for format in [Encoding.q4_1, .q4_0, .q8_0] {
      ordinary += try [MatMulProblem(format, 1, 576, 1536), MatMulProblem(format, 512, 576, 1536)]
    }
    ordinary.append(try MatMulProblem(.q8_0, 1, 576, 49152))

    var further: [MatMulProblem] = try [1536, 3072].flatMap { try [cube(.bfloat16, $0), cube(.float16, $0)] }
    further += try [cube(.float16, 512), cube(.bfloat16, 1000), cube(.float16, 1000)]
    for encoding in [Encoding.float16, .bfloat16] {
      further += try [2, 4, 8, 16].flatMap {
        try [MatMulProblem(encoding, $0, 4096, 4096), MatMulProblem(encoding, $0, 576, 49152)]
      }
    }
    for format in [Encoding.q4_1, .q4_0, .q8_0] {
      further += try [MatMulProblem(format, 1, 1536, 576), MatMulProblem(format, 512, 1536, 576)]
      further += try [2, 4, 8, 16].map { try MatMulProblem(format, $0, 576, 1536) }
      further += try [1, 512].map { try MatMulProblem(format, $0, 4096, 4096) }
    }
    return (ordinary, further.filter { !ordinary.contains($0) })
  }

  static func quickCases() throws -> [any BenchmarkCase] {
    try [
      cube(.float32, 96), MatMulProblem(.float32, 33, 61, 49), MatMulProblem(.bfloat16, 1, 64, 96),
      MatMulProblem(.q4_1, 2, 64, 48),
    ]
  }

  static func countedGraphs() throws -> [CountedGraph] {
    let weights: [(Encoding, Int, Int)] = [
      (.float32, 577, 1537), (.float16, 576, 1536), (.bfloat16, 576, 1536), (.q4_0, 576, 1536),
      (.q4_1, 576, 1536), (.q8_0, 576, 1536),
    ]
    return try weights.map { CountedGraph(try MatMulProblem($0.0, 512, $0.1, $0.2), runs: [1, 8, 512]) }
  }

  private static func cube(_ encoding: Encoding, _ size: Int) throws -> MatMulProblem {
    try MatMulProblem(encoding, size, size, size)
  }
}
