/// `matmul` of two activations: `Kernels/MatMul/strided_simt.cl`. What is not float32 is converted first.
enum StridedMatMul: Lowering {
  struct Candidate: Sendable {
    var localRows: Int
    var localTokens: Int
  }

  static func validate(_ problem: Problem) throws(LoweringError) {
    guard case .dense = problem.operands[1].encoding else {
      throw LoweringError("a right operand in \(problem.operands[1].encoding) must be a constant [M, K]")
    }
    guard problem.result.rank <= 4 else { throw LoweringError("at most two batch axes, got \(problem.result)") }
  }

  static func plan(_ problem: Problem) -> [Candidate] {
    let items = problem.target.workGroupSize(64)
    return [Candidate(localRows: min(items, 16), localTokens: items / min(items, 16))]
  }

  static func shape(of candidate: Candidate) -> KernelShape { .simt }

  static func encode(
    _ candidate: Candidate, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard case .matmul(let matmul) = problem.node.operation else { return [] }
    let batch = Array(problem.result.shape.dropLast(2))
    let x = try encoder.floatView(problem.node.operands[0])
    let w = try encoder.floatView(problem.node.operands[1])
    let result = encoder.destination(problem.result)
    let bias = try encoder.biasArgument(matmul.epilogue, problem.node, otherwise: result)
    var r = result
    if let index = matmul.epilogue.residualOperand { r = try encoder.view(problem.node.operands[index]) }
    let extents = [Dimension](repeating: 1, count: 2 - batch.count) + batch
    let (wk, wm) = matmul.rightIsTransposed ? (w.type.rank - 1, w.type.rank - 2) : (w.type.rank - 2, w.type.rank - 1)
    let tokens = problem.result.shape[problem.result.rank - 2]
    let outputs = problem.result.shape[problem.result.rank - 1]

    func strides(_ view: TensorView, _ first: (String, Int), _ second: (String, Int)) -> [(String, Dimension)] {
      let lead = Encoder.broadcastStrides(view, axes: view.type.rank - 2, to: batch)
      let padded = [Dimension](repeating: 0, count: 2 - lead.count) + lead
      return [
        ("b", padded[0]), ("c", padded[1]), (first.0, view.strides[first.1]), (second.0, view.strides[second.1]),
      ]
    }
    func outputStrides(_ view: TensorView) -> [(String, Dimension)] {
      strides(view, ("t", view.type.rank - 2), ("m", view.type.rank - 1))
    }
    var defines = matmul.epilogue.defines
    defines["LOCAL_ROWS"] = "\(candidate.localRows)"
    defines["LOCAL_TOKENS"] = "\(candidate.localTokens)"
    encoder.launch(
      KernelReference(
        source: .file("MatMul/strided_simt.cl"), entry: "matmul_strided_simt", defines: defines, parameters: []),
      [
        .read("x", x, strides(x, ("t", x.type.rank - 2), ("k", x.type.rank - 1))),
        .read("w", w, strides(w, ("k", wk), ("m", wm))), bias, .read("r", r, outputStrides(r)),
        .write("y", result, outputStrides(result)),
      ],
      [
        ("batch_1", extents[1]), ("tokens", tokens), ("outputs", outputs),
        ("inputs", x.type.shape[x.type.rank - 1]),
      ],
      global: [
        outputs.roundedUp(toMultipleOf: candidate.localRows), tokens.roundedUp(toMultipleOf: candidate.localTokens),
        extents[0] * extents[1],
      ], local: [candidate.localRows, candidate.localTokens, 1])
    return [result]
  }
}

extension Encoder {
  /// Strides of the first `axes` axes of a view as it broadcasts to `shape`: 0 where an axis is stretched or missing.
  static func broadcastStrides(_ view: TensorView, axes: Int, to shape: [Dimension]) -> [Dimension] {
    shape.indices.map { axis in
      let own = axis - (shape.count - axes)
      guard own >= 0 else { return 0 }
      return view.type.shape[own] == 1 && shape[axis] != 1 ? 0 : view.strides[own]
    }
  }
}
