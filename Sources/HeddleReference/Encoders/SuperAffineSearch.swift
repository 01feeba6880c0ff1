/// The scales and least values of a block of groups, halves times whole numbers s and m of few bits,
/// value = d · s · level − e · m.
///
/// Each group's scale and least value are searched for on their own. Then three times: each group takes the s and m of least
/// error, of nine around its scale / d and its least value / e; and d and e become what is best for all levels, s and m, by two
/// normal equations. First they are the greatest / the highest part. The round of least error counts.
struct SuperAffineSearch {
  let affine: AffineSearch
  let groupSize: Int
  let highestPart: Float

  typealias Affine = AffineSearch.Affine

  struct Result {
    var units: Affine
    /// The s and the m of each group.
    var scales: [Int]
    var leasts: [Int]
    /// The codes of all values.
    var codes: [Int]
  }

  func best(_ block: SearchedBlock) -> Result {
    let groups = (0..<block.values.count / groupSize).map { block.group($0, of: groupSize) }
    let wanted = groups.map { affine.best($0) }
    let inverse = highestPart.searchReciprocal
    var units = Affine(
      scale: block.stored(wanted.reduce(0) { max($0, $1.scale) } * inverse),
      least: block.stored(wanted.reduce(0) { max($0, $1.least) } * inverse))
    var best: (units: Affine, parts: [Affine], error: Float) = (
      Affine(scale: 0, least: 0), wanted.map { _ in Affine(scale: 0, least: 0) }, .infinity
    )
    for _ in 0..<3 {
      let chosen = zip(groups, wanted).map { parts($0, units, $1) }
      let error = chosen.reduce(Float(0)) { $0 + $1.error }
      if error < best.error { best = (units, chosen.map(\.parts), error) }
      units = refitted(block, groups, units, chosen.map(\.parts))
    }
    return Result(
      units: best.units, scales: best.parts.map { Int($0.scale) }, leasts: best.parts.map { Int($0.least) },
      codes: zip(groups, best.parts).flatMap { affine.codes($0, decoded(best.units, $1)) })
  }

  private func decoded(_ units: Affine, _ parts: Affine) -> Affine {
    Affine(scale: units.scale * parts.scale, least: units.least * parts.least)
  }

  /// The s and m of least error, and that error.
  private func parts(
    _ group: SearchedGroup, _ units: Affine, _ wanted: Affine
  ) -> (parts: Affine, error: Float) {
    func clamped(_ part: Float) -> Float { max(0, min(part, highestPart)) }
    let nearest = Affine(
      scale: clamped((wanted.scale * units.scale.searchReciprocal).rounded(.toNearestOrEven)),
      least: clamped((wanted.least * units.least.searchReciprocal).rounded(.toNearestOrEven)))
    var best = (parts: nearest, error: affine.error(group, decoded(units, nearest)))
    for s: Float in [-1, 0, 1] {
      for m: Float in [-1, 0, 1] {
        let parts = Affine(scale: clamped(nearest.scale + s), least: clamped(nearest.least + m))
        let error = affine.error(group, decoded(units, parts))
        if error < best.error { best = (parts, error) }
      }
    }
    return best
  }

  /// d and e: `d Σ a² − e Σ a b = Σ x a`, `d Σ a b − e Σ b² = Σ x b`, a = s level and b = m.
  private func refitted(
    _ block: SearchedBlock, _ groups: [SearchedGroup], _ units: Affine, _ parts: [Affine]
  ) -> Affine {
    let sums = zip(groups, parts).map { affine.sums($0, decoded(units, $1)) }
    func sum(_ term: (Affine, AffineSearch.Sums) -> Float) -> Float {
      zip(parts, sums).reduce(Float(0)) { $0 + term($1.0, $1.1) }
    }
    let aa = sum { $0.scale * $0.scale * $1.square }
    let ab = sum { $0.scale * $0.least * $1.level }
    let bb = sum { $0.least * $0.least * $1.one }
    let xa = sum { $0.scale * $1.product }
    let xb = sum { $0.least * $1.x }
    let determinant = (-(ab * ab)).addingProduct(aa, bb)
    guard determinant > 0 else {
      return Affine(scale: block.stored(xa * aa.searchReciprocal), least: block.stored(units.least))
    }
    let inverse = determinant.searchReciprocal
    return Affine(
      scale: block.stored((-(ab * xb)).addingProduct(xa, bb) * inverse),
      least: block.stored((-(aa * xb)).addingProduct(ab, xa) * inverse))
  }
}
