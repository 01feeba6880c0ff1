/// `matmul` with a packed weight: `Kernels/MatMul/direct_wide.cl`, `chunks_wide.cl`, `packed_simt.cl` and
/// `tiled_simt.cl`; in relaxed numerics also a library's product of the row-major weight.
///
/// One layout serves every row count, and every exact candidate of a target gives the same bits: with bfloat16
/// activations a target that has the dot product takes it in all its wide candidates.
enum PackedMatMul: Lowering {
  enum Candidate: Sendable {
    /// Weights decoded where they are used: a tile of registers. `dot` multiplies pairs of bfloat16.
    case direct(WideTile, dot: Bool)
    /// Weights decoded a chunk at a time for all tiles of an item.
    case chunks(WideTile, dot: Bool)
    /// A work-group's tile.
    case simt(SIMTTile)
    /// A call of a BLAS library.
    case library

    /// Other candidates convert their activations to float32 first.
    var takesBFloat16: Bool {
      switch self {
      case .direct(_, let dot), .chunks(_, let dot): dot
      default: false
      }
    }
  }

  static func validate(_ problem: Problem<MatMul>) throws(LoweringError) {
    let w = problem["w"].type
    guard problem["w"].isConstant, problem.operation.rightIsTransposed, w.rank == 2 else {
      throw .another("a packed weight is a constant [M, K]")
    }
    if w.encoding.pattern != nil { throw .another("the weight is sparse") }
    guard w.extent(1).constant?.isMultiple(of: w.encoding.blockSize) == true else {
      throw LoweringError("K must be a multiple of \(w.encoding.blockSize), got \(w)")
    }
    try problem.requireProductExtents()
    if problem.operation.epilogue.isGated, problem.result.extent(-1).constant?.isMultiple(of: 16) != true {
      throw LoweringError("the outputs of a gated product must be a multiple of 16, got \(problem.result)")
    }
  }

  static func plan(_ problem: Problem<MatMul>) -> [Candidate] {
    let isGated = problem.operation.epilogue.isGated
    let space = WideTileSpace(problem, isGated: isGated)
    let encoding = problem["w"].type.encoding
    let simt = SIMTTile.tiles(
      problem.target, tokens: space.tokens, groupSize: encoding.values.groupSize, isGated: isGated)
    return (usesDot(problem) ? dots(space) : products(space, encoding)) + simt.map { .simt($0) }
      + (LibraryMatMul.suits(problem) ? [.library] : [])
  }

  /// The target multiplies bfloat16 activations as they are.
  static func usesDot(_ problem: Problem<MatMul>) -> Bool {
    problem["x"].type.encoding == .bfloat16 && problem["w"].type.encoding == .bfloat16
      && problem.target.features.contains(TargetProfile.bfloat16Dot)
  }

  /// Few tokens are bound by reading the weights once, with enough sums under way to hide the latency of an fma; many
  /// by arithmetic: six tokens by four vectors fill 32 registers. Decoding blocks costs more than an fma, so many tokens
  /// share it.
  private static func products(_ space: WideTileSpace, _ encoding: Encoding) -> [Candidate] {
    func direct(_ tiles: [(Int, Int)], tiles count: Int = 1) -> [Candidate] {
      space.tiles(tiles, count).map { .direct($0, dot: false) }
    }
    func chunks(_ tiles: [(Int, Int)]) -> [Candidate] {
      space.tiles(tiles, WideTile.maximumTiles).map { .chunks($0, dot: false) }
    }
    let isDense = encoding.blockSize == 1
    switch space.tokens {
    case ...1: return direct(isDense || space.isGated ? [(1, 2), (1, 4), (1, 1)] : [(1, 4), (1, 2), (1, 1)])
    case 2: return direct([(2, 2), (2, 1)])
    case 3...4: return direct([(4, 2), (4, 1)])
    case 5...8: return direct([(8, 2), (8, 1), (4, 4)])
    case 9...16: return direct([(4, 1), (4, 2), (8, 2)], tiles: 2)
    default:
      return isDense
        ? direct([(6, 4), (8, 3), (8, 2)], tiles: 2) : chunks([(6, 4), (8, 3)]) + direct([(8, 1), (8, 2)])
    }
  }

  private static func dots(_ space: WideTileSpace) -> [Candidate] {
    let few: [(Int, Int)]
    switch space.tokens {
    case ...1: few = [(1, 4), (1, 2)]
    case 2: few = [(2, 4), (2, 2)]
    case 3...4: few = [(4, 4), (4, 2)]
    case 5...16: few = [(8, 2), (4, 4)]
    default: return space.tiles([(8, 3), (6, 4)], WideTile.maximumTiles).map { .chunks($0, dot: true) }
    }
    return space.tiles(few, 2).map { .direct($0, dot: true) }
  }

  static func shape(of candidate: Candidate) -> KernelShape {
    switch candidate {
    case .direct, .chunks: .wide
    case .simt, .library: .simt
    }
  }

  static func hasOwnOrder(_ candidate: Candidate) -> Bool {
    if case .library = candidate { true } else { false }
  }

  static func name(of candidate: Candidate) -> String {
    switch candidate {
    case .direct(let tile, let dot): "\(dot ? "dot" : "direct") \(tile.name)"
    case .chunks(let tile, let dot): "\(dot ? "dot chunks" : "chunks") \(tile.name)"
    case .simt(let tile): tile.name
    case .library: LibraryMatMul.name
    }
  }

  static func encode(
    _ candidate: Candidate, _ problem: Problem<MatMul>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let tokens = problem.result.shape.dropLast().reduce(1, *)
    guard let launch = ProductLaunch(candidate, tokens: tokens, outputs: problem.result.shape.last ?? 0) else {
      return [try LibraryMatMul.encodePacked(problem, into: &encoder)]
    }
    guard let (w, weight) = encoder.weight(problem["w"]) else { return [] }
    let x = try candidate.takesBFloat16 ? encoder.tokenRows(problem["x"]) : encoder.floatTokenRows(problem["x"])
    let blocks = Dimension(weight.blocks)
    return [
      try launch.encode(
        problem, x: x, w: w, defines: weight.encoding.values.weightDefines, [("blocks", blocks)], into: &encoder)
    ]
  }
}
