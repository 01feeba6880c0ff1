/// `matmul` with a sparse weight: `Kernels/MatMul/direct_wide.cl`, `chunks_wide.cl`, `sparse_tokens_wide.cl`,
/// `sparse_simt.cl` and `sparse_tiled_simt.cl`. All give the same bits.
enum SparseMatMul: Lowering {
  enum Candidate: Sendable {
    /// Weights decoded where they are used: a tile of registers.
    case direct(WideTile)
    /// Weights decoded some spans at a time for all tiles of an item.
    case chunks(WideTile)
    /// Lanes are tokens, panels of so many vectors of them.
    case tokens(panel: Int)
    /// A work-group's tile.
    case simt(SIMTTile)
  }

  static func validate(_ problem: Problem<MatMul>) throws(LoweringError) {
    let (x, w) = (problem["x"].type, problem["w"].type)
    guard let format = w.encoding.sparse else { throw .another("the weight is not sparse") }
    guard problem["w"].isConstant, problem.operation.rightIsTransposed, w.rank == 2 else {
      throw .another("a sparse weight is a constant [M, K]")
    }
    guard x.encoding == .float32 else {
      throw LoweringError("activations beside a sparse weight must be f32, got \(x)")
    }
    guard w.extent(1).constant?.isMultiple(of: format.pattern.span) == true else {
      throw LoweringError("K must be a multiple of \(format.pattern.span), got \(w)")
    }
    try problem.requireProductExtents()
    let group = MatMul.gateRows(w.encoding)
    if problem.operation.epilogue.isGated, problem.result.extent(-1).constant?.isMultiple(of: group) != true {
      throw LoweringError("the outputs of a gated product must be a multiple of \(group), got \(problem.result)")
    }
  }

  static func plan(_ problem: Problem<MatMul>) -> [Candidate] {
    guard let format = problem["w"].type.encoding.sparse else { return [] }
    // A gated product's halves are summed one after the other.
    let space = WideTileSpace(problem, isGated: false)
    let wide: [Candidate]
    switch format.pattern.kind {
    case .perRow: wide = perRow(space, inputs: problem.maximum(problem["w"].type.extent(1)), problem.target)
    case .vectorWise: wide = shared(space, format, vectors: 2)
    case .block(let side, _): wide = shared(space, format, vectors: side / 16)
    }
    return wide + SIMTTile.sparse(problem.target, format, tokens: space.tokens).map { .simt($0) }
  }

  /// Each row has a pattern of its own: lanes pick inputs while tokens are few, and are tokens when they are many. Where
  /// picking is no single instruction lanes are tokens much sooner.
  private static func perRow(_ space: WideTileSpace, inputs: Int, _ target: TargetProfile) -> [Candidate] {
    func direct(_ sizes: [(Int, Int)], _ count: Int = 1) -> [Candidate] {
      space.tiles(sizes, count).map { .direct($0) }
    }
    func tokens(_ panels: [Int]) -> [Candidate] { panels.map { .tokens(panel: $0) } }
    let picks = target.features.contains(TargetProfile.lanePermute)
    switch space.tokens {
    case ...1: return direct([(1, 4), (1, 2)])
    case 2: return direct([(2, 4), (2, 2)])
    case 3...4: return direct([(4, 4), (4, 2)])
    case 5...16: return picks ? direct([(8, 2), (4, 4)]) + tokens([1]) : tokens([1]) + direct([(8, 2)])
    case 17...32: return picks ? direct([(8, 2), (4, 4)]) + tokens([2]) : tokens([2, 1])
    case 33...128: return picks ? direct([(8, 2)]) + tokens([4, 8]) : tokens([4, 2])
    default:
      let fits = inputs &* (16 * 8 * 4) <= 1 << 20
      let picking = picks ? direct([(8, 2)], 2) : []
      return fits ? tokens([8, 4]) + picking : picking + tokens([8, 4])
    }
  }

  /// `vectors` of 16 rows share a pattern: as many sums as registers hold, each input read once for all of them.
  private static func shared(_ space: WideTileSpace, _ format: SparseFormat, vectors: Int) -> [Candidate] {
    let isWhole = { (count: Int) in vectors.isMultiple(of: count) }
    // More than one pattern an item hides more of the latency of a few tokens' sums.
    let isMany = { (count: Int) in
      vectors.isMultiple(of: count) || (count.isMultiple(of: vectors) && format.pattern.rowsPerGroup == 32)
    }
    let isBlock = if case .block = format.pattern.kind { true } else { false }
    func direct(_ sizes: [(Int, Int)], _ count: Int, _ fits: (Int) -> Bool) -> [Candidate] {
      space.tiles(sizes, count, fits).map { .direct($0) }
    }
    let wanted = min(vectors, 4)
    switch space.tokens {
    case ...1:
      let sizes = [(1, isBlock ? wanted : 4), (1, wanted)]
      return direct(format.values == .int4 ? sizes.reversed() : sizes, 1, isBlock ? isWhole : isMany)
    case 2: return direct([(2, isBlock ? wanted : 4), (2, wanted)], 1, isBlock ? isWhole : isMany)
    case 3...4: return direct([(4, wanted)], 1, isWhole)
    case 5...8: return direct([(8, wanted), (4, wanted)], 1, isWhole)
    default:
      let sizes: [(Int, Int)] =
        switch space.hasManyRegisters ? vectors : 0 {
        case 0: [(6, 1), (4, 1)]
        case 1: [(12, 1), (8, 1)]
        case 2: [(6, 2), (8, 2)]
        case 3: [(8, 3), (6, 3)]
        default: [(6, 4), (4, 4)]
        }
      // Decoded once, weights leave room for more tokens; read in place, rows of x a power of two apart do not.
      let isReversed = vectors == 2 && space.hasManyRegisters
      let chunks = space.tiles(isReversed ? sizes.reversed() : sizes, WideTile.maximumTiles, isWhole).map {
        Candidate.chunks($0)
      }
      let tiles = direct(sizes, 2, isWhole)
      return format.values == .float32 ? tiles + chunks : chunks + tiles
    }
  }

  static func shape(of candidate: Candidate) -> KernelShape {
    if case .simt = candidate { .simt } else { .wide }
  }

  static func name(of candidate: Candidate) -> String {
    switch candidate {
    case .direct(let tile): "sparse \(tile.name)"
    case .chunks(let tile): "sparse chunks \(tile.name)"
    case .tokens(let panel): "sparse tokens \(16 &* panel)x64"
    case .simt(let tile): "sparse \(tile.name)"
    }
  }

  static func encode(
    _ candidate: Candidate, _ problem: Problem<MatMul>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard let format = problem["w"].type.encoding.sparse, let (w, packed) = encoder.weight(problem["w"])
    else { return [] }
    let tokens = problem.result.shape.dropLast().reduce(1, *)
    let (rows, inputs) = (packed.totalRows, packed.rowLength)
    let packing = try encoder.sparsePacking(format, rows: rows, inputs: inputs)
    var x = try encoder.tokenRows(problem["x"])
    if case .tokens(let panel) = candidate {
      x = encoder.tokenPanels(x, tokens: tokens, inputs: inputs, panel: 16 &* panel)
    }
    let launch = ProductLaunch(
      candidate, format, target: problem.target, tokens: tokens, outputs: problem.result.shape.last ?? 0)
    let kept = problem.operation.kept ?? Dimension(format.pattern.keptPerSpan)
    return [
      try launch.encode(
        problem, x: x, w: w, defines: format.defines,
        [("inputs", Dimension(inputs)), ("kept", kept)] + packing.parameters, into: &encoder)
    ]
  }
}

extension SparsePacking {
  /// Those of `Kernels/Common/patterns.cl`.
  var parameters: [(String, Dimension)] {
    [
      ("spans", Dimension(spans)), ("groups", Dimension(groups)), ("indices_offset", Dimension(indicesOffset)),
      ("scales_offset", Dimension(scalesOffset)),
    ]
  }
}

extension Encoder {
  /// Where the parts of a sparse weight of the current node are.
  func sparsePacking(_ format: SparseFormat, rows: Int, inputs: Int) throws(PlanError) -> SparsePacking {
    do {
      return try SparsePacking(format, rows: rows, inputs: inputs)
    } catch { throw .type(error, graph.origin(of: node)) }
  }

  /// Activations in panels of `panel` tokens: `Kernels/MatMul/pack_tokens_wide.cl`.
  fileprivate mutating func tokenPanels(_ x: TensorView, tokens: Dimension, inputs: Int, panel: Int) -> TensorView {
    let inputsPerItem = 128
    let panels = tokens.dividedRoundingUp(by: panel)
    let packed = temporary(TensorType(.float32, [panels * Dimension(inputs), Dimension(panel)]))
    launch(
      KernelReference(
        source: .file("MatMul/pack_tokens_wide.cl"), entry: "pack_tokens_wide",
        defines: ["PANEL": "\(panel)", "INPUTS_PER_ITEM": "\(inputsPerItem)"], parameters: []),
      [.read("x", x, [("stride", x.stride(0))]), .write("panels", packed)],
      [("tokens", tokens), ("inputs", Dimension(inputs))],
      global: [Dimension(inputs).dividedRoundingUp(by: inputsPerItem), panels], local: [1, 1])
    return packed
  }
}
