import HeddleText

/// What a work-group of a SIMT product owns: one output an item, or 4 × 4 of them through local memory.
struct SIMTTile: Hashable, Sendable {
  /// Items along outputs and along tokens.
  var rows: Int
  var tokens: Int
  /// Outputs of an item along each: 1, or 4 in `Kernels/MatMul/tiled_simt.cl` and `sparse_tiled_simt.cl`.
  var perItem: Int

  var isTiled: Bool { perItem > 1 }

  /// Tokens by outputs.
  var name: String { "\(isTiled ? "tiled" : "element") \(tokens &* perItem)x\(rows &* perItem)" }

  var defines: [String: String] { ["LOCAL_ROWS": "\(rows)", "LOCAL_TOKENS": "\(tokens)"] }

  var local: [Int] { [rows, tokens] }

  /// Items along outputs, then along tokens.
  func global(tokens: Dimension, outputs: Dimension) -> [Dimension] {
    [
      outputs.dividedRoundingUp(by: perItem &* rows) * Dimension(rows),
      tokens.dividedRoundingUp(by: perItem &* self.tokens) * Dimension(self.tokens),
    ]
  }

  /// Local memory of a tiled work-group, as `tiled_simt.cl` states it.
  func localByteCount(groupSize: Int, isGated: Bool) -> Int {
    4 &* max(groupSize, 16) &* (perItem &* tokens &+ 1 &+ (perItem &* rows &+ 1) &* (isGated ? 2 : 1))
  }

  /// One output an item.
  static func element(_ target: TargetProfile) -> SIMTTile {
    let items = target.workGroupSize(64)
    return SIMTTile(rows: min(items, 16), tokens: items.divided(by: min(items, 16)), perItem: 1)
  }

  /// The tiles that fit a target, best first: one output an item where few tokens share a weight.
  static func tiles(
    _ target: TargetProfile, tokens: Int, groupSize: Int, isGated: Bool
  ) -> [SIMTTile] {
    let element = element(target)
    let tiled = [16, 8].map { SIMTTile(rows: $0, tokens: $0, perItem: 4) }.filter { tile in
      tile.rows &* tile.tokens <= target.maximumWorkGroupSize
        && tile.localByteCount(groupSize: groupSize, isGated: isGated) <= target.localMemoryByteCount
    }
    return tokens <= 16 ? [element] + tiled : tiled + [element]
  }
}
