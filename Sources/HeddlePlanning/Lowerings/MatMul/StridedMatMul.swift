/// `matmul` of two activations, or of a weight that is not packed: `Kernels/MatMul/strided_simt.cl`, `tiled_simt.cl`, and
/// for wide devices `pack_weights_wide.cl` followed by `packed_wide.cl`. All these give the same bits; in relaxed numerics
/// there is a library's product too. What is not float32 is converted first.
enum StridedMatMul: Lowering {
  enum Candidate: Sendable {
    /// The right operand is packed first, then as a packed weight.
    case packed(WideTile)
    /// One output an item.
    case element(rows: Int, tokens: Int)
    /// Tiles in local memory, 4 × 4 outputs an item.
    case tiled(rows: Int, tokens: Int)
    /// A call of a BLAS library.
    case library
  }

  static func validate(_ problem: Problem) throws(LoweringError) {
    guard case .dense = problem.operands[1].encoding else {
      throw LoweringError("a right operand in \(problem.operands[1].encoding) must be a constant [M, K]")
    }
    guard problem.result.rank <= 4 else { throw LoweringError("at most two batch axes, got \(problem.result)") }
  }

  static func plan(_ problem: Problem) -> [Candidate] {
    guard case .matmul(let matmul) = problem.node.operation else { return [] }
    let space = WideTileSpace(problem, isGated: false)
    let sizes: [(Int, Int)] =
      switch problem.maximum(problem.result.shape[problem.result.rank - 2]) {
      case ...1: [(1, 4), (1, 1)]
      case 2...4: [(4, 4), (4, 1)]
      case 5...16: [(8, 2), (6, 4)]
      default: [(6, 4), (8, 3), (8, 2)]
      }
    // The two halves of a gated right operand need not start at a whole vector.
    let wide: [Candidate] = matmul.epilogue.isGated ? [] : space.tiles(sizes, 2).map { .packed($0) }
    let items = problem.target.workGroupSize(64)
    let element = Candidate.element(rows: min(items, 16), tokens: items / min(items, 16))
    let tiled = [256, 64].filter { problem.target.workGroupSize($0) == $0 }.map { items -> Candidate in
      .tiled(rows: items == 256 ? 16 : 8, tokens: items == 256 ? 16 : 8)
    }
    let library: [Candidate] = LibraryMatMul.suits(problem) ? [.library] : []
    return wide + (space.tokens <= 16 ? [element] + tiled : tiled + [element]) + library
  }

  static func shape(of candidate: Candidate) -> KernelShape {
    if case .packed = candidate { .wide } else { .simt }
  }

  static func hasOwnOrder(_ candidate: Candidate) -> Bool {
    if case .library = candidate { true } else { false }
  }

  static func name(of candidate: Candidate) -> String {
    switch candidate {
    case .packed(let tile): "packed \(tile.name)"
    case .element(let rows, let tokens): "element \(tokens)x\(rows)"
    case .tiled(let rows, let tokens): "tiled \(4 * tokens)x\(4 * rows)"
    case .library: LibraryMatMul.name
    }
  }

  static func encode(
    _ candidate: Candidate, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard case .matmul(let matmul) = problem.node.operation else { return [] }
    let product = try StridedProduct(matmul, problem, &encoder)
    switch candidate {
    case .library:
      try LibraryMatMul.encode(
        x: product.x, w: product.w, wIsTransposed: matmul.rightIsTransposed, y: product.y, into: &encoder)
    case .packed(let tile): try product.encodePacked(tile, into: &encoder)
    case .element(let rows, let tokens):
      product.encode(
        "MatMul/strided_simt.cl", "matmul_strided_simt", ["LOCAL_ROWS": "\(rows)", "LOCAL_TOKENS": "\(tokens)"],
        global: [product.outputs.roundedUp(toMultipleOf: rows), product.tokens.roundedUp(toMultipleOf: tokens)],
        local: [rows, tokens], into: &encoder)
    case .tiled(let rows, let tokens):
      product.encode(
        "MatMul/tiled_simt.cl", "matmul_strided_tiled_simt",
        ["LOCAL_ROWS": "\(rows)", "LOCAL_TOKENS": "\(tokens)", "STRIDED": "1"],
        global: [
          product.outputs.dividedRoundingUp(by: 4 * rows) * Dimension(rows),
          product.tokens.dividedRoundingUp(by: 4 * tokens) * Dimension(tokens),
        ], local: [rows, tokens], into: &encoder)
    }
    return [product.y]
  }
}

/// The operands of a product with their batch axes padded to two.
private struct StridedProduct {
  var matmul: MatMul
  var batch: [Dimension]
  var x: TensorView
  var w: TensorView
  var r: TensorView
  var y: TensorView
  var bias: Argument

  var tokens: Dimension { y.type.shape[y.type.rank - 2] }
  var outputs: Dimension { y.type.shape[y.type.rank - 1] }
  var inputs: Dimension { x.type.shape[x.type.rank - 1] }
  /// Extents of b and c.
  var extents: [Dimension] { [Dimension](repeating: 1, count: 2 - batch.count) + batch }
  var wAxes: (k: Int, m: Int) {
    matmul.rightIsTransposed ? (w.type.rank - 1, w.type.rank - 2) : (w.type.rank - 2, w.type.rank - 1)
  }

  init(_ matmul: MatMul, _ problem: Problem, _ encoder: inout Encoder) throws(PlanError) {
    self.matmul = matmul
    batch = Array(problem.result.shape.dropLast(2))
    x = try encoder.floatView(problem.node.operands[0])
    w = try encoder.floatView(problem.node.operands[1])
    y = encoder.destination(problem.result)
    r = y
    bias = try encoder.biasArgument(matmul.epilogue, problem.node, otherwise: y)
    if let index = matmul.epilogue.residualOperand { r = try encoder.view(problem.node.operands[index]) }
  }

  /// Strides along b and c: 0 where the operand is stretched.
  func batchStrides(_ view: TensorView) -> [(String, Dimension)] {
    let lead = Encoder.broadcastStrides(view, axes: view.type.rank - 2, to: batch)
    let padded = [Dimension](repeating: 0, count: 2 - lead.count) + lead
    return [("b", padded[0]), ("c", padded[1])]
  }

  func strides(_ view: TensorView, _ first: (String, Int), _ second: (String, Int)) -> [(String, Dimension)] {
    batchStrides(view) + [(first.0, view.strides[first.1]), (second.0, view.strides[second.1])]
  }

  private func rowStrides(_ view: TensorView) -> [(String, Dimension)] {
    batchStrides(view) + [("stride", view.strides[view.type.rank - 2])]
  }

  func outputStrides(_ view: TensorView) -> [(String, Dimension)] {
    strides(view, ("t", view.type.rank - 2), ("m", view.type.rank - 1))
  }

  /// One launch that reads every operand at its strides.
  func encode(
    _ file: String, _ entry: String, _ defines: [String: String], global: [Dimension], local: [Int],
    into encoder: inout Encoder
  ) {
    encoder.launch(
      KernelReference(
        source: .file(file), entry: entry, defines: defines.merging(matmul.epilogue.defines) { $1 }, parameters: []),
      [
        .read("x", x, strides(x, ("t", x.type.rank - 2), ("k", x.type.rank - 1))),
        .read("w", w, strides(w, ("k", wAxes.k), ("m", wAxes.m))), bias, .read("r", r, outputStrides(r)),
        .write("y", y, outputStrides(y)),
      ],
      [("batch_1", extents[1]), ("tokens", tokens), ("outputs", outputs), ("inputs", inputs)],
      global: global + [extents[0] * extents[1]], local: local + [1])
  }

  /// Packs w once for each of its own batches, then multiplies.
  func encodePacked(_ tile: WideTile, into encoder: inout Encoder) throws(PlanError) {
    let x = x.hasContiguousRows ? x : try encoder.materialize(x)
    let r = r.hasContiguousRows ? r : try encoder.materialize(r)
    let own = Array(w.type.shape.dropLast(2))
    let ownExtents = [Dimension](repeating: 1, count: 2 - own.count) + own
    let groups = outputs.dividedRoundingUp(by: 16)
    let packed = encoder.temporary(TensorType(.float32, own + [groups * inputs, 16]))
    let ownStrides = [Dimension](repeating: 0, count: 2 - own.count) + w.strides.dropLast(2)
    let inputsPerItem = 256
    encoder.launch(
      KernelReference(
        source: .file("MatMul/pack_weights_wide.cl"), entry: "pack_weights_wide",
        defines: ["INPUTS_PER_ITEM": "\(inputsPerItem)"], parameters: []),
      [
        .read(
          "w", w,
          [
            ("b", ownStrides[0]), ("c", ownStrides[1]), ("k", w.strides[wAxes.k]), ("m", w.strides[wAxes.m]),
          ]), .write("packed", packed),
      ],
      [("batch_1", ownExtents[1]), ("outputs", outputs), ("inputs", inputs)],
      global: [inputs.dividedRoundingUp(by: inputsPerItem), groups, ownExtents[0] * ownExtents[1]], local: [1, 1, 1])

    var defines = tile.defines.merging(matmul.epilogue.defines) { $1 }
    defines["BATCHED"] = "1"
    defines["DOT_BFLOAT16"] = "0"
    defines[weightDefine(.float32)] = "1"
    encoder.launch(
      KernelReference(
        source: .file("MatMul/packed_wide.cl"), entry: "matmul_packed_wide", defines: defines, parameters: []),
      [
        .read("x", x, rowStrides(x)), .read("w", packed, batchStrides(packed)), bias, .read("r", r, rowStrides(r)),
        .write("y", y, rowStrides(y)),
      ],
      [
        ("batch_1", extents[1]), ("tokens", tokens), ("outputs", outputs), ("blocks", inputs),
        ("tiles", Dimension(tile.tiles)),
      ],
      global: tile.global(tokens: tokens, outputs: outputs) + [extents[0] * extents[1]], local: [1, 1, 1])
  }
}
