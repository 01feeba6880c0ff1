import HeddleText

/// A dense product's launch, turned into that of a product by experts.
struct ExpertLaunch {
  var kernel: KernelReference
  var parameters: [(String, Dimension)]
  var global: [Dimension]
  var local: [Int]
  /// Of a token and an expert.
  let pairs: Dimension
  private let readsLevels: Bool
  /// Rows of a sorted tile, at most.
  private let tileRows: Int
  /// Sorted tiles, at most.
  private let tiles: Dimension

  init(_ candidate: MatMulByExpertLowering.Candidate, _ problem: Problem<MatMulByExpert>) {
    pairs = problem.result.shape.dropLast().reduce(1, *)
    readsLevels = candidate.product.readsLevels
    let (file, entry, rows): (String, String, Int) =
      switch candidate.product {
      case .direct(let tile, _): ("direct_wide", "wide", tile.tokens &* tile.tiles)
      case .chunks(let tile, _): ("chunks_wide", "chunks_wide", tile.tokens &* tile.tiles)
      case .simt(let tile) where tile.isTiled: ("tiled_simt", "tiled_simt", tile.perItem &* tile.tokens)
      case .simt, .library: ("packed_simt", "simt", 1)
      case .levels: ("levels_simt", "levels_simt", 1)
      }
    tileRows = rows
    // No tile is empty; and only the last of an expert's, or of no expert's, is not full.
    let most = problem["w"].type.extent(0) + 1 + pairs.dividedRoundingUp(by: rows)
    tiles = problem.maximum(pairs) <= problem.maximum(most) ? pairs : most
    let launch = ProductLaunch(candidate.product, tokens: pairs, outputs: problem.result.extent(-1))
    var kernel = launch?.kernel ?? ProductLaunch.kernel(file, entry, [:])
    kernel.source = .file("Experts/\(file).cl")
    kernel.entry = "matmul_by_expert_\(entry)"
    kernel.defines["SORTED"] = candidate.isSorted ? "1" : "0"
    self.kernel = kernel
    parameters = launch?.parameters ?? []
    local = launch?.local ?? [1, 1]
    global = launch?.global ?? [0, 0]
    let down = candidate.isSorted ? tiles : pairs
    switch candidate.product {
    case .direct where !candidate.isSorted:
      // Neighbours read on in one expert's weights.
      global = global.dropFirst() + [down]
    case .direct, .chunks:
      // Tiles of an expert, which share its weights, are neighbours.
      global = [down] + global.dropFirst()
    case .simt(let tile) where tile.isTiled:
      global = global.part(from: 0, to: global.count &- 1) + [down * Dimension(tile.tokens)]
    case .simt, .levels, .library: break
    }
  }

  /// The defines of what is multiplied.
  mutating func add(_ problem: Problem<MatMulByExpert>, _ values: ValueFormat) {
    kernel.defines.merge(problem.operation.epilogue.defines) { $1 }
    kernel.defines.merge(values.weightDefines) { $1 }
    if readsLevels { kernel.defines.merge(values.levels?.defines ?? [:]) { $1 } }
    guard kernel.shape == .wide else { return }
    kernel.defines["X86_ASSEMBLY"] = problem.target.features.contains(TargetProfile.byteMultiply) ? "1" : "0"
  }

  /// Appends the sort of pairs by expert: `Kernels/Experts/order.cl`. Gives their order, and the table of tiles.
  func sort(
    _ indices: TensorView, experts: Dimension, _ target: TargetProfile, into encoder: inout Encoder
  ) -> (order: TensorView, table: TensorView) {
    let order = encoder.temporary(TensorType(.int32, [pairs]))
    let table = encoder.temporary(TensorType(.int32, [tiles, 3]))
    let isWide = kernel.shape == .wide
    let localSize = isWide ? 1 : target.workGroupSize(256)
    let counts = isWide ? [Argument.write("counts", encoder.temporary(TensorType(.int32, [experts + 1])))] : []
    encoder.launch(
      KernelReference(
        source: .file("Experts/order.cl"), entry: "order_by_expert_\(kernel.shape.rawValue)",
        defines: isWide ? [:] : ["LOCAL_SIZE": "\(localSize)"], parameters: []),
      [.read("indices", indices), .write("order", order), .write("table", table)] + counts,
      [("pairs", pairs), ("experts", experts), ("rows", Dimension(tileRows)), ("tiles", tiles)],
      global: [Dimension(localSize)], local: [localSize])
    return (order, table)
  }
}
