import HeddleText

/// What a work-group of `Kernels/MatMul/sparse_tiled_simt.cl` holds in local memory at a time: some spans, or some of the
/// kept places of one.
struct SparseChunk {
  /// Kept places of a span; if not all of them, a multiple of any unit's values.
  var kept: Int
  var spans: Int
  /// Inputs of a span: where rows have patterns of their own, all of them.
  private var inputs: Int
  /// Bytes of a row's places.
  private var placeByteCount: Int

  /// About as many multiply-adds between two barriers as in `tiled_simt.cl`.
  init(_ format: SparseFormat) {
    kept = min(format.pattern.keptPerSpan, 32)
    if case .perRow = format.pattern.kind {
      (spans, inputs, placeByteCount) = (1, format.pattern.span, kept)
    } else {
      (spans, inputs, placeByteCount) = (max(1, 16.divided(by: kept)), kept, 0)
    }
  }

  var defines: [String: String] { ["CHUNK_KEPT": "\(kept)", "CHUNK_SPANS": "\(spans)"] }

  /// Local memory of a work-group, as the kernel states it.
  func localByteCount(rows: Int, tokens: Int) -> Int {
    4 &* spans &* (inputs &* (tokens &+ 1) &+ kept &* (rows &+ 1)) &+ placeByteCount &* rows
  }
}

extension SIMTTile {
  /// The tiles of a sparse product that fit a target, best first. The rows of a tile share a pattern or have one each; a
  /// tile of which three quarters of the tokens would be missing is left out.
  static func sparse(_ target: TargetProfile, _ format: SparseFormat, tokens: Int) -> [SIMTTile] {
    let chunk = SparseChunk(format)
    let tiled = (tokens <= 32 ? [8, 16] : [16, 8]).map { items in
      if case .perRow = format.pattern.kind { return SIMTTile(rows: items, tokens: items, perItem: 4) }
      return SIMTTile(rows: format.pattern.rowsPerGroup / 4, tokens: items, perItem: 4)
    }
    .filter { tile in
      4 &* tokens > tile.perItem &* tile.tokens && tile.rows &* tile.tokens <= target.maximumWorkGroupSize
        && chunk.localByteCount(rows: tile.perItem &* tile.rows, tokens: tile.perItem &* tile.tokens)
          <= target.localMemoryByteCount
    }
    return tokens <= 16 ? [element(target)] + tiled : tiled + [element(target)]
  }
}
