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

  static var cases: (ordinary: [any BenchmarkCase], further: [any BenchmarkCase]) {
    var ordinary: [MatMulProblem] = []
    // Square and awkward sizes.
    ordinary += [512, 1000, 1023, 1024, 1536, 2048, 3072, 4096].map { cube(.float32, $0) }
    ordinary += [problem(.float32, 577, 1537, 577), problem(.float32, 1537, 577, 1537)]
    ordinary += [512, 1024, 2048, 4096].map { cube(.bfloat16, $0) }
    ordinary += [1024, 2048, 4096].map { cube(.float16, $0) }
    // One token and a few: a square weight, and the demo model's vocabulary.
    for (inputs, outputs) in [(4096, 4096), (576, 49152)] {
      for encoding in [Encoding.float32, .float16, .bfloat16] {
        ordinary.append(problem(encoding, 1, inputs, outputs))
      }
      ordinary += [2, 4, 8, 16].map { problem(.float32, $0, inputs, outputs) }
    }
    ordinary += [problem(.float16, 4, 4096, 4096), problem(.bfloat16, 4, 4096, 4096)]
    // The demo model's feed-forward with the encodings it comes in.
    for format in [BlockFormat.q4_1, .q4_0, .q8_0] {
      ordinary += [problem(.blocks(format), 1, 576, 1536), problem(.blocks(format), 512, 576, 1536)]
    }
    ordinary.append(problem(.blocks(.q8_0), 1, 576, 49152))

    var further: [MatMulProblem] = [1536, 3072].flatMap { [cube(.bfloat16, $0), cube(.float16, $0)] }
    further += [cube(.float16, 512), cube(.bfloat16, 1000), cube(.float16, 1000)]
    for encoding in [Encoding.float16, .bfloat16] {
      further += [2, 4, 8, 16].flatMap { [problem(encoding, $0, 4096, 4096), problem(encoding, $0, 576, 49152)] }
    }
    for format in [BlockFormat.q4_1, .q4_0, .q8_0] {
      further += [problem(.blocks(format), 1, 1536, 576), problem(.blocks(format), 512, 1536, 576)]
      further += [2, 4, 8, 16].map { problem(.blocks(format), $0, 576, 1536) }
      further += [1, 512].map { problem(.blocks(format), $0, 4096, 4096) }
    }
    return (ordinary, further.filter { !ordinary.contains($0) })
  }

  static var quickCases: [any BenchmarkCase] {
    [
      cube(.float32, 96), problem(.float32, 33, 61, 49), problem(.bfloat16, 1, 64, 96),
      problem(.blocks(.q4_1), 2, 64, 48),
    ]
  }

  static var countedGraphs: [CountedGraph] {
    let weights: [(Encoding, Int, Int)] = [
      (.float32, 577, 1537), (.float16, 576, 1536), (.bfloat16, 576, 1536), (.blocks(.q4_0), 576, 1536),
      (.blocks(.q4_1), 576, 1536), (.blocks(.q8_0), 576, 1536),
    ]
    return weights.map { CountedGraph(problem($0.0, 512, $0.1, $0.2), runs: [1, 8, 512]) }
  }

  private static func problem(_ encoding: Encoding, _ tokens: Int, _ inputs: Int, _ outputs: Int) -> MatMulProblem {
    MatMulProblem(encoding: encoding, tokens: tokens, inputs: inputs, outputs: outputs)
  }

  private static func cube(_ encoding: Encoding, _ size: Int) -> MatMulProblem { problem(encoding, size, size, size) }
}
