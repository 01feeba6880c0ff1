/// `matmul` of two activations, or of a weight that is not packed: `Kernels/MatMul/strided_simt.cl`, `tiled_simt.cl`, and
/// for wide devices `pack_weights_wide.cl` followed by `direct_wide.cl`. All these give the same bits; in relaxed numerics
/// there is a library's product too. What is not float32 is converted first.
enum StridedMatMul: Lowering {
  enum Candidate: Sendable {
    /// The right operand is packed first, then as a packed weight.
    case packed(WideTile)
    /// A work-group's tile.
    case simt(SIMTTile)
    /// A call of a BLAS library.
    case library
  }

  static func validate(_ problem: Problem<MatMul>) throws(LoweringError) {
    guard problem["w"].type.encoding.isScalar else {
      throw LoweringError("a right operand in \(problem["w"].type.encoding) must be a constant [M, K]")
    }
    try problem.requireProductExtents()
    guard problem.result.rank <= 4 else { throw LoweringError("at most two batch axes, got \(problem.result)") }
  }

  static func plan(_ problem: Problem<MatMul>) -> [Candidate] {
    let isGated = problem.operation.epilogue.isGated
    let space = WideTileSpace(problem, isGated: false)
    let sizes: [(Int, Int)] =
      switch problem.maximum(problem.result.extent(-2)) {
      case ...1: [(1, 4), (1, 1)]
      case 2...4: [(4, 4), (4, 1)]
      case 5...16: space.hasManyRegisters ? [(8, 2), (6, 4)] : [(4, 2), (6, 1)]
      default: space.hasManyRegisters ? [(6, 4), (8, 3), (8, 2)] : [(6, 1), (4, 1)]
      }
    // The two halves of a gated right operand need not start at a whole vector.
    let wide: [Candidate] = isGated ? [] : space.tiles(sizes, 2).map { .packed($0) }
    let simt = SIMTTile.tiles(problem.target, tokens: space.tokens, groupSize: 1, isGated: isGated)
    let library: [Candidate] = LibraryMatMul.suits(problem) ? [.library] : []
    return wide + simt.map { .simt($0) } + library
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
    case .simt(let tile): tile.name
    case .library: LibraryMatMul.name
    }
  }

  static func encode(
    _ candidate: Candidate, _ problem: Problem<MatMul>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let product = try StridedProduct(problem, &encoder)
    switch candidate {
    case .library:
      try LibraryMatMul.encode(
        x: product.x, w: product.w, wIsTransposed: problem.operation.rightIsTransposed, y: product.y, into: &encoder)
    case .packed(let tile): try product.encodePacked(tile, into: &encoder)
    case .simt(let tile):
      let (file, entry) =
        tile.isTiled ? ("tiled_simt", "matmul_strided_tiled_simt") : ("strided_simt", "matmul_strided_simt")
      product.encode(
        "MatMul/\(file).cl", entry, tile.defines.merging(tile.isTiled ? ["STRIDED": "1"] : [:]) { $1 },
        global: tile.global(tokens: product.tokens, outputs: product.outputs), local: tile.local, into: &encoder)
    }
    return [product.y]
  }
}
