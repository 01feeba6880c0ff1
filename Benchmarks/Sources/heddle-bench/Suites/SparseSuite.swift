import Heddle

/// `y = x · wᵀ` with constant structured-sparse weights.
enum SparseSuite: Suite {
  static let name = "sparse"
  static let title = "Structured-sparse matmul"
  static let method = """
    <p>A row <code>&lt;pattern&gt;-&lt;values&gt; T×K×M</code> multiplies T tokens of K inputs with a constant sparse \
    weight of M rows. Rows of more than 16 tokens count the 2·T·K·M operations of the <em>dense</em> product, the same \
    for a peer that does all of them; beside them stands the rate of what is kept and really multiplied, which the limit \
    and the roofs count. Rows of 1 to 16 tokens count bytes: what is stored of the weights (kept values, indices, \
    scales), the activations and the results, each once, and the same for a peer that reads a dense weight.</p>
    <p><b>Proportional to bytes.</b> Beside a row of one token our own dense product of the same shape takes its turn: \
    f32 beside f32, f16 beside f16, bf16 beside bf16, q8_0 beside int8, q4_0 beside int4. A time, as a part of the dense \
    one's, of at most the bytes' part is what sparsity promises.</p>
    <p><b>Ours.</b> Weights are packed beforehand, their values and patterns drawn by chance. The timer holds \
    <code>Session.run</code> from call to return: everything kernels do to the activations, every launch, and waiting \
    for the last.</p>
    """
  static let rates = """
    dense-equivalent GFLOP/s (2·T·K·M of the dense product), or for 1 to 16 tokens GB/s of what is really stored and read
    """

  static func cases() throws -> (ordinary: [any BenchmarkCase], further: [any BenchmarkCase]) {
    let wide = ["2:4", "vw16:32", "vw11:32", "vw8:32", "vw4:32", "block32@75"].map { "\($0)-f32" }
    var ordinary = try wide.flatMap { format in
      try [1536, 4096].map { try problem(format, 512, $0, $0) }
    }
    ordinary += try ["2:4-f32", "vw16:32-f32", "block32@75-f32", "vw16:32-int8", "2:4-int4", "vw16:32-int4"]
      .map { try problem($0, 1, 4096, 4096) }
    ordinary += try [Encoding.float32, .q8_0, .q4_0].map { try MatMulProblem($0, 1, 4096, 4096) }

    var further: [MatMulProblem] = []
    // Other patterns; blocks of 48 have a row of 3072.
    for pattern in ["1:4", "4:8", "nvw16:32", "block16@75", "block48@75", "block64@75"] {
      let size = pattern.hasPrefix("block48") ? 3072 : 4096
      further += try [1, 512].map { try problem("\(pattern)-f32", $0, size, size) }
    }
    // Other values, and some tokens.
    for pattern in ["2:4", "vw16:32", "block32@75"] {
      for values in ValueFormats.ofPatterns {
        let tokens = values == .float32 || values == .int4 ? [1, 2, 4, 8, 16, 64, 512] : [1, 512]
        further += try tokens.map { try problem("\(pattern)-\(values.name)", $0, 4096, 4096) }
      }
    }
    return (ordinary, further.filter { !ordinary.contains($0) })
  }

  static func quickCases() throws -> [any BenchmarkCase] {
    try [
      problem("2:4-f32", 33, 64, 49), problem("vw11:32-f16", 17, 64, 80), problem("vw16:32-int4", 1, 64, 96),
      problem("block16@50-int8", 2, 64, 56),
    ]
  }

  static func countedGraphs() throws -> [CountedGraph] {
    let formats = ["2:4-f32", "2:4-int4", "vw11:32-f32", "vw16:32-int4", "vw16:32-int8", "block32@75-f32"]
    return try formats.map { CountedGraph(try problem($0, 512, 576, 1536), runs: [1, 8, 512]) }
  }

  private static func problem(
    _ name: String, _ tokens: Int, _ inputs: Int, _ outputs: Int
  ) throws -> MatMulProblem {
    guard let format = SparseFormat(name: name) else { throw BenchmarkError("'\(name)' is no sparse format") }
    return try MatMulProblem(.sparse(format), tokens, inputs, outputs)
  }
}
