extension ProductLaunch {
  /// Vectors of 16 rows of an item whose lanes are tokens.
  private static let tokenRowVectors = 4

  init(
    _ candidate: SparseMatMul.Candidate, _ format: SparseFormat, target: TargetProfile, tokens: Dimension,
    outputs: Dimension
  ) {
    switch candidate {
    case .direct(let tile):
      let permutes = target.features.contains(TargetProfile.lanePermute)
      let isPerRow = if case .perRow = format.pattern.kind { true } else { false }
      self.init(
        tile, "sparse", defines: isPerRow ? ["LANE_PERMUTE": permutes ? "1" : "0"] : [:], tokens: tokens,
        outputs: outputs)
    case .chunks(let tile): self.init(tile, "sparse", chunk: 128, tokens: tokens, outputs: outputs)
    case .tokens(let panel):
      let vectors = ProductLaunch.tokenRowVectors
      self.init(
        kernel: ProductLaunch.kernel(
          "sparse_tokens_wide", "matmul_sparse_tokens_wide",
          ["PANEL_VECTORS": "\(panel)", "ROW_VECTORS": "\(vectors)", "CHUNK_SPANS": "2"]),
        global: [tokens.dividedRoundingUp(by: 16 &* panel), outputs.dividedRoundingUp(by: 16 &* vectors)],
        local: [1, 1])
    case .simt(let tile):
      let file = tile.isTiled ? "sparse_tiled_simt" : "sparse_simt"
      self.init(
        tile, file: file, entry: "matmul_\(file)", defines: tile.isTiled ? SparseChunk(format).defines : [:],
        tokens: tokens, outputs: outputs)
    }
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
