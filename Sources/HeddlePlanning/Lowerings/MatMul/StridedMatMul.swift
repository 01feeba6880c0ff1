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
