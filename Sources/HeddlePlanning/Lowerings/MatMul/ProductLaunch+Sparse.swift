extension ProductLaunch {
  /// Vectors of 16 rows of an item whose lanes are tokens.
  private static let tokenRowVectors = 4

  init(
    _ candidate: SparseMatMul.Candidate, _ format: SparseFormat, target: TargetProfile, tokens: Dimension,
    outputs: Dimension
  ) {
    var local = [1, 1]
    var parameters: [(String, Dimension)] = []
    let kernel: KernelReference
    let global: [Dimension]
    switch candidate {
    case .direct(let tile):
      var defines = tile.defines
      if case .perRow = format.pattern.kind {
        defines["LANE_PERMUTE"] = target.features.contains(TargetProfile.lanePermute) ? "1" : "0"
      }
      kernel = ProductLaunch.sparseKernel("sparse_wide", defines)
      parameters = [("tiles", Dimension(tile.tiles))]
      global = tile.global(tokens: tokens, outputs: outputs)
    case .chunks(let tile):
      // Kept values of a chunk: at least those of one span.
      let defines = ["CHUNK": "128", "MAXIMUM_TILES": "\(WideTile.maximumTiles)"]
      kernel = ProductLaunch.sparseKernel("sparse_chunks_wide", tile.defines.merging(defines) { $1 })
      parameters = [("tiles", Dimension(tile.tiles))]
      global = tile.global(tokens: tokens, outputs: outputs)
    case .tokens(let panel):
      let vectors = ProductLaunch.tokenRowVectors
      kernel = ProductLaunch.sparseKernel(
        "sparse_tokens_wide", ["PANEL_VECTORS": "\(panel)", "ROW_VECTORS": "\(vectors)", "CHUNK_SPANS": "2"])
      global = [tokens.dividedRoundingUp(by: 16 &* panel), outputs.dividedRoundingUp(by: 16 &* vectors)]
    case .simt(let tile):
      kernel =
        tile.isTiled
        ? ProductLaunch.sparseKernel("sparse_tiled_simt", tile.defines.merging(SparseChunk(format).defines) { $1 })
        : ProductLaunch.sparseKernel("sparse_simt", tile.defines)
      global = tile.global(tokens: tokens, outputs: outputs)
      local = tile.local
    }
    self.init(kernel: kernel, parameters: parameters, global: global, local: local)
  }

  private static func sparseKernel(_ file: String, _ defines: [String: String]) -> KernelReference {
    KernelReference(source: .file("MatMul/\(file).cl"), entry: "matmul_\(file)", defines: defines, parameters: [])
  }
}

extension SparseFormat {
  /// The defines of `Kernels/Common/patterns.cl`.
  var defines: [String: String] {
    var defines = [
      "SPAN": "\(pattern.span)", "KEPT": "\(pattern.keptPerSpan)", "SPAN_UNITS": "\(spanUnits)",
      "SCALE_UNITS": "\(scaleUnits)", "HEADER_UNITS": "\(scaleUnits &+ indexUnits)",
      "ROW_SCALED": rowScaleByteCount > 0 ? "1" : "0", "NESTED": pattern.isNested ? "1" : "0",
    ].merging(values.weightDefines) { $1 }
    switch pattern.kind {
    case .perRow(let kept, let size):
      defines["PATTERN_ROWS"] = "1"
      defines["GROUP_SIZE"] = "\(size)"
      defines["GROUP_KEPT"] = "\(kept)"
      defines["INDEX_BITS"] = "\(pattern.indexBits)"
    case .vectorWise: defines["PATTERN_VECTORS"] = "1"
    case .block: defines["PATTERN_BLOCKS"] = "1"
    }
    return defines
  }
}
