/// `matmul` with a packed weight: `Kernels/MatMul/packed_wide.cl` and `packed_simt.cl`.
///
/// One layout serves every row count, and every candidate gives the same bits.
enum PackedMatMul: Lowering {
  struct Candidate: Sendable {
    var shape: KernelShape
    /// Tokens and rows of Y of an item (wide) or of a work-group (simt).
    var tokens: Int
    var rows: Int
  }

  static func validate(_ problem: Problem) throws(LoweringError) {
    guard case .matmul(let matmul) = problem.node.operation, matmul.rightIsTransposed else {
      throw LoweringError("a packed weight is [M, K]")
    }
    let w = problem.operands[1]
    guard w.shape[1].constant.map({ $0 % w.encoding.blockSize == 0 }) == true else {
      throw LoweringError("K must be a multiple of \(w.encoding.blockSize), got \(w)")
    }
    if matmul.epilogue.isGated, problem.result.shape.last?.constant.map({ $0 % 16 == 0 }) != true {
      throw LoweringError("the outputs of a gated product must be a multiple of 16, got \(problem.result)")
    }
  }

  static func plan(_ problem: Problem) -> [Candidate] {
    let tokens = problem.maximum(problem.operands[0].shape.dropLast().reduce(1, *))
    let rows = problem.maximum(problem.result.shape.last ?? 0)
    // One vector of rows an item: its weights stream from memory once, and small matrices still split evenly between
    // cores. Tokens fill the registers; more of them amortize decoding.
    let wide: [(tokens: Int, vectors: Int)] =
      tokens <= 1
      ? [(1, 1), (1, 2), (1, 4)] : tokens <= 16 ? [(4, 1), (4, 2), (8, 1)] : [(8, 1), (8, 2), (12, 1), (4, 2)]
    var candidates = wide.map { tile in
      Candidate(shape: .wide, tokens: tile.tokens, rows: 16 * min(tile.vectors, max(1, (rows + 15) / 16)))
    }
    let items = problem.target.workGroupSize(64)
    let localRows = min(items, 16)
    candidates.append(Candidate(shape: .simt, tokens: items / localRows, rows: localRows))
    return candidates
  }

  static func shape(of candidate: Candidate) -> KernelShape { candidate.shape }

  static func encode(
    _ candidate: Candidate, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard case .matmul(let matmul) = problem.node.operation, let w = encoder.weight(problem.node.operands[1]) else {
      return []
    }
    let weight = problem.operands[1]
    let x = try encoder.floatTokenRows(problem.node.operands[0])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    let bias = try encoder.biasArgument(matmul.epilogue, problem.node, otherwise: y)
    let r = try encoder.residualRows(matmul.epilogue, problem.node, otherwise: y)

    var defines = matmul.epilogue.defines
    defines[weightDefine(weight.encoding)] = "1"
    let tokens = x.type.shape[0]
    let outputs = problem.result.shape.last ?? 0
    let kernel: KernelReference
    let global: [Dimension]
    let local: [Int]
    switch candidate.shape {
    case .wide:
      defines["TOKENS_PER_ITEM"] = "\(candidate.tokens)"
      defines["ROW_VECTORS"] = "\(candidate.rows / 16)"
      kernel = KernelReference(
        source: .file("MatMul/packed_wide.cl"), entry: "matmul_packed_wide", defines: defines, parameters: [])
      global = [tokens.dividedRoundingUp(by: candidate.tokens), outputs.dividedRoundingUp(by: candidate.rows)]
      local = [1, 1]
    case .simt:
      defines["LOCAL_TOKENS"] = "\(candidate.tokens)"
      defines["LOCAL_ROWS"] = "\(candidate.rows)"
      kernel = KernelReference(
        source: .file("MatMul/packed_simt.cl"), entry: "matmul_packed_simt", defines: defines, parameters: [])
      global = [outputs.roundedUp(toMultipleOf: candidate.rows), tokens.roundedUp(toMultipleOf: candidate.tokens)]
      local = [candidate.rows, candidate.tokens]
    }
    encoder.launch(
      kernel,
      [
        .read("x", x, [("stride", x.strides[0])]), .whole(w), bias,
        .read("r", r, [("stride", r.strides[0])]), .write("y", y, [("stride", y.strides[0])]),
      ],
      [
        ("tokens", tokens), ("outputs", outputs),
        ("blocks", Dimension((weight.shape[1].constant ?? 0) / weight.encoding.blockSize)),
      ], global: global, local: local)
    return [result]
  }
}

/// The define that selects a weight's decoder in `Kernels/Common/weights.cl`.
func weightDefine(_ encoding: Encoding) -> String { "WEIGHT_\(encoding.name.uppercased())" }

extension Encoder {
  /// All axes but the last seen as one, the last contiguous; copied if the strides do not allow it.
  mutating func tokenRows(_ operand: ValueID) throws(PlanError) -> TensorView {
    let view = try rows(operand)
    if let collapsed = collapsedToRows(view) { return collapsed }
    let copy = try materialize(view)
    return collapsedToRows(copy) ?? copy
  }

  func collapsedToRows(_ view: TensorView) -> TensorView? {
    var view = view
    while view.type.rank < 2 {
      view.type.shape.insert(1, at: 0)
      view.strides.insert(1, at: 0)
    }
    return view.collapsing(0, through: view.type.rank - 2)
  }
}
