import HeddleText

/// `matmulByExpert`: `Kernels/Experts/direct_wide.cl`, `chunks_wide.cl`, `packed_simt.cl`, `levels_simt.cl` and
/// `tiled_simt.cl`, which are the dense products' tiles on the rows of one expert; `order.cl` sorts the rows by expert before.
///
/// Candidates of a shape give the same bits, those of ``PackedMatMul``.
enum MatMulByExpertLowering: Lowering {
  struct Candidate: Sendable {
    /// How the rows of one expert are multiplied.
    var product: PackedMatMul.Candidate
    /// Whether rows are sorted by expert, so that those of one share its weights; else each is its own tile.
    var isSorted: Bool
  }

  static func validate(_ problem: Problem<MatMulByExpert>) throws(LoweringError) {
    let w = problem["w"].type
    guard problem["w"].isConstant else { throw LoweringError("the weights of experts must be a constant, got \(w)") }
    guard w.shape.last?.constant?.isMultiple(of: w.encoding.blockSize) == true else {
      throw LoweringError("K must be a multiple of \(w.encoding.blockSize), got \(w)")
    }
    // As the dense products count, and an expert beyond the last.
    let limit = Int(Int32.max) - 4096
    let rows = problem.result.shape.dropLast().reduce(1, *)
    for extent in w.shape + [rows] where ((try? extent.bounds(problem.ranges).lowerBound) ?? .max) > limit {
      throw LoweringError("extents of a product may be at most \(limit), got \(w) and \(problem.result)")
    }
  }

  static func plan(_ problem: Problem<MatMulByExpert>) -> [Candidate] {
    let w = problem["w"].type
    let pairs = problem.maximum(problem.result.shape.dropLast().reduce(1, *))
    let used = max(1, min(pairs, w.extent(0).constant ?? 1))
    // Experts have unequal numbers of rows: room for half as many again.
    let share = max(1, pairs.dividedRoundingUp(by: used))
    let rows = pairs <= used ? 2 : share > 16 ? share &+ share / 2 : share
    let isGated = problem.operation.isGated
    let isLevels = problem["x"].type.encoding == .q8_dynamic && w.encoding.values.levels != nil
    let input: ProductInput = isLevels ? .levels(.init(problem.target)) : .floats
    let groups = problem.maximum(problem.result.extent(-1)).dividedRoundingUp(by: 16)
    func products(_ tokens: Int, copies: Int) -> [PackedMatMul.Candidate] {
      let space = WideTileSpace(
        tokens: tokens, groups: groups, isGated: isGated, copies: copies, target: problem.target)
      let products = PackedProducts(space, w.encoding, input)
      return isLevels ? products.levels : products.floats
    }
    var candidates: [Candidate] = []
    let hasWholeVectors = w.extent(1).constant?.isMultiple(of: 16) == true
    if hasWholeVectors, problem.maximum(problem.result.extent(0)) > 1 {
      candidates += products(rows, copies: used).map { Candidate(product: $0, isSorted: true) }
    }
    if hasWholeVectors, pairs <= 64 {
      candidates += products(1, copies: pairs).map { Candidate(product: $0, isSorted: false) }
    }
    let element = SIMTTile.element(problem.target)
    if isLevels { return candidates + [Candidate(product: .levels(element), isSorted: false)] }
    let tiles = SIMTTile.tiles(
      problem.target, tokens: rows, groupSize: w.encoding.values.groupSize, isGated: isGated)
    return candidates + tiles.map { Candidate(product: .simt($0), isSorted: $0.isTiled) }
  }

  static func shape(of candidate: Candidate) -> KernelShape { PackedMatMul.shape(of: candidate.product) }

  static func name(of candidate: Candidate) -> String {
    (candidate.isSorted ? "sorted " : "") + PackedMatMul.name(of: candidate.product)
  }

  static func encode(
    _ candidate: Candidate, _ problem: Problem<MatMulByExpert>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let result = encoder.destination(problem.result)
    guard let operands = try encoder.expertOperands(problem) else { return [result] }
    let takesInput = candidate.product.takesInput
    let x = takesInput ? try encoder.tokenRows(problem["x"]) : try encoder.floatTokenRows(problem["x"])
    let indices = operands.indices
    let y = encoder.collapsedToRows(result) ?? result
    var launch = ExpertLaunch(candidate, problem)
    launch.add(problem, operands.constant.encoding.values)
    var (order, table) = (indices, indices)
    if candidate.isSorted {
      (order, table) = launch.sort(indices, experts: operands.experts, problem.target, into: &encoder)
    }
    encoder.launch(
      launch.kernel,
      [
        .read("x", x, [("stride", ProductLaunch.rowStride(x))]), .whole(operands.w),
        .read("bias", operands.bias ?? y),
        .read("indices", indices), .read("order", order), .read("table", table),
        .write("y", y, [("stride", y.stride(0))]),
      ],
      [
        ("pairs", launch.pairs), ("outputs", problem.result.extent(-1)), ("experts", operands.experts),
        ("rows", problem["w"].type.extent(1)), ("r_stride", 0), ("blocks", Dimension(operands.constant.blocks)),
        ("sharing", problem["x"].type.rank == 2 ? problem.result.extent(1) : 1),
      ] + launch.parameters, global: launch.global, local: launch.local)
    return [result]
  }
}
