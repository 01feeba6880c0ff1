/// `matmul` with a packed weight: `Kernels/MatMul/direct_wide.cl`, `chunks_wide.cl`, `packed_simt.cl` and
/// `tiled_simt.cl`; in relaxed numerics also a library's product of the row-major weight.
///
/// One layout serves every row count, and every exact candidate of a target gives the same bits: with bfloat16
/// activations a target that has the dot product takes it in all its wide candidates.
enum PackedMatMul: Lowering {
  enum Candidate: Sendable {
    /// Weights decoded where they are used: a tile of registers.
    case direct(WideTile, ProductInput)
    /// Weights decoded a chunk at a time for all tiles of an item.
    case chunks(WideTile, ProductInput)
    /// A work-group's tile.
    case simt(SIMTTile)
    /// The same, of levels by levels.
    case levels(SIMTTile)
    /// A call of a BLAS library.
    case library

    /// Activations are multiplied as they are; other candidates convert theirs to float32 first.
    var takesInput: Bool {
      switch self {
      case .direct(_, let input), .chunks(_, let input): input != .floats
      case .levels: true
      default: false
      }
    }

    /// Weights that are levels are read as such: by all but the kernels that take one value of one row at a time.
    var readsLevels: Bool {
      switch self {
      case .direct, .chunks, .levels: true
      case .simt, .library: false
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
    if usesLevels(problem) {
      return PackedProducts(space, encoding, .levels(.init(problem.target))).levels
        + [.levels(SIMTTile.element(problem.target))]
    }
    let simt = SIMTTile.tiles(
      problem.target, tokens: space.tokens, groupSize: encoding.values.groupSize, isGated: isGated)
    let wide =
      usesDot(problem)
      ? PackedProducts(space, encoding, .bfloat16Pairs).pairs : PackedProducts(space, encoding, .floats).floats
    return wide + simt.map { .simt($0) } + (LibraryMatMul.suits(problem) ? [.library] : [])
  }

  /// The target multiplies bfloat16 activations as they are.
  static func usesDot(_ problem: Problem<MatMul>) -> Bool {
    problem["x"].type.encoding == .bfloat16 && problem["w"].type.encoding == .bfloat16
      && problem.target.features.contains(TargetProfile.bfloat16Dot)
  }

  /// Both sides are levels. Weights that are none take the activations' values.
  private static func usesLevels(_ problem: Problem<MatMul>) -> Bool {
    problem["x"].type.encoding == .q8_dynamic && problem["w"].type.encoding.values.levels != nil
  }

  static func shape(of candidate: Candidate) -> KernelShape {
    switch candidate {
    case .direct, .chunks: .wide
    case .simt, .levels, .library: .simt
    }
  }

  static func hasOwnOrder(_ candidate: Candidate) -> Bool {
    if case .library = candidate { true } else { false }
  }

  static func name(of candidate: Candidate) -> String {
    switch candidate {
    case .direct(let tile, .floats): "direct \(tile.name)"
    case .direct(let tile, let input): "\(input.name) \(tile.name)"
    case .chunks(let tile, .floats): "chunks \(tile.name)"
    case .chunks(let tile, let input): "\(input.name) chunks \(tile.name)"
    case .simt(let tile): tile.name
    case .levels(let tile): "levels \(tile.name)"
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
    let x = try candidate.takesInput ? encoder.tokenRows(problem["x"]) : encoder.floatTokenRows(problem["x"])
    let values = weight.encoding.values
    let blocks = Dimension(weight.blocks)
    var defines = candidate.readsLevels ? values.levels?.defines ?? [:] : [:]
    if case .wide = shape(of: candidate) {
      defines["X86_ASSEMBLY"] = problem.target.features.contains(TargetProfile.byteMultiply) ? "1" : "0"
    }
    return [
      try launch.encode(
        problem, x: x, w: w, defines: values.weightDefines.merging(defines) { $1 }, [("blocks", blocks)],
        into: &encoder)
    ]
  }
}
