import HeddleText

/// What an item of a wide product owns: `tiles` register tiles below each other, each of `tokens` by `vectors` vectors
/// of 16 outputs.
struct WideTile: Hashable, Sendable {
  var tokens: Int
  var vectors: Int
  var tiles: Int

  /// The register tile's defines. ``tiles`` is a parameter, so that products of any size share a program.
  var defines: [String: String] { ["TOKENS_PER_ITEM": "\(tokens)", "ROW_VECTORS": "\(vectors)"] }

  /// What `chunks_wide.cl` has room for; no tile has more.
  static let maximumTiles = 16

  /// Tokens by outputs.
  var name: String { "\(tokens)x\(16 &* vectors)" }

  /// Items along tokens, then along outputs.
  func global(tokens: Dimension, outputs: Dimension) -> [Dimension] {
    [tokens.dividedRoundingUp(by: self.tokens &* tiles), outputs.dividedRoundingUp(by: 16 &* vectors)]
  }
}

/// The tiles that suit a product.
struct WideTileSpace {
  /// At the range's upper bound.
  let tokens: Int
  /// Vectors of 16 outputs.
  let groups: Int
  let isGated: Bool
  /// Products of this size beside each other.
  let copies: Int
  let computeUnits: Int
  /// See ``TargetProfile/hasManyRegisters``.
  let hasManyRegisters: Bool

  init(tokens: Int, groups: Int, isGated: Bool, copies: Int = 1, target: TargetProfile) {
    self.tokens = tokens
    self.groups = groups
    self.isGated = isGated
    self.copies = max(1, copies)
    computeUnits = min(max(1, target.computeUnits), 1 << 16)
    hasManyRegisters = target.hasManyRegisters
  }

  init(_ problem: Problem<MatMul>, isGated: Bool) {
    self.init(
      tokens: problem.maximum(problem.result.shape.dropLast().reduce(1, *)),
      groups: (problem.maximum(problem.result.shape.last ?? 0) + 15) / 16, isGated: isGated, target: problem.target)
  }

  /// Tiles of (tokens, vectors of sums): a gated product's sums are half of them gates. Up to `count` tiles an item. Both
  /// are cut down where a compute unit would get fewer than four items, to as many vectors as `fits` allows. Tiles that pad
  /// the product least come first.
  func tiles(_ sizes: [(Int, Int)], _ count: Int, _ fits: (Int) -> Bool = { _ in true }) -> [WideTile] {
    var result: [WideTile] = []
    for (tileTokens, sums) in sizes {
      let ownTiles = max(1, tokens.dividedRoundingUp(by: tileTokens))
      let down = ownTiles &* copies
      var vectors = max(1, isGated ? sums / 2 : sums)
      while vectors > 1, !fits(vectors) || groups.dividedRoundingUp(by: vectors) &* down < 4 &* computeUnits {
        vectors &-= 1
      }
      let across = groups.dividedRoundingUp(by: vectors)
      let fair = (down &* across).divided(by: 4 &* computeUnits)
      let tiles = max(1, min(count, WideTile.maximumTiles, ownTiles, fair))
      let tile = WideTile(tokens: tileTokens, vectors: vectors, tiles: tiles)
      if !result.contains(tile) { result.append(tile) }
    }
    let least = result.map(paddedArea).min() ?? 0
    let isTight = { (tile: WideTile) in paddedArea(tile) <= least * 1.02 }
    return result.filter(isTight) + result.filter { !isTight($0) }
  }

  /// Outputs computed, with those past the end.
  private func paddedArea(_ tile: WideTile) -> Double {
    let down = tokens.roundedUp(toMultipleOf: tile.tokens)
    let across = groups.roundedUp(toMultipleOf: tile.vectors)
    return Double(down) * Double(across)
  }
}

extension Problem where Operation == MatMul {
  /// Wide kernels count tokens, outputs and inputs in 32 bits, a tile past the end included: what can only be more is
  /// refused. What a symbol is bound to is not looked at here.
  func requireProductExtents() throws(LoweringError) {
    let limit = Int(Int32.max) - 4096
    let (x, w) = (self["x"].type, self["w"].type)
    for extent in [result.shape.dropLast().reduce(1, *), x.extent(-1), w.extent(-2), w.extent(-1)]
    where least(extent) > limit {
      throw LoweringError("extents of a product may be at most \(limit), got \(x) and \(w)")
    }
  }

  /// The least value of a dimension in this range.
  private func least(_ dimension: Dimension) -> Int { (try? dimension.bounds(ranges).lowerBound) ?? .max }
}
