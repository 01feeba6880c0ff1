/// The scales of a block of groups, d times whole numbers s of few bits, value = d · s · level.
///
/// Each group's scale is searched for on its own. Then three times: each group takes the s of least error, of those around its
/// scale / d; and d becomes what is best for all levels and all s, `Σ w x s level / Σ w (s level)²`. First d is the greatest
/// scale / the lowest s. The round of least error counts.
struct SuperScaleSearch {
  let scale: ScaleSearch
  let groupSize: Int
  let codes: ClosedRange<Int>

  struct Result {
    var unit: Float
    /// The s of each group.
    var scales: [Int]
    /// The codes of all values.
    var codes: [Int]
  }

  func best(_ block: SearchedBlock) -> Result {
    let groups = (0..<block.values.count / groupSize).map { block.group($0, of: groupSize) }
    let wanted = groups.map { scale.best($0) }
    let greatest = wanted.reduce(Float(0)) { abs($1) > abs($0) ? $1 : $0 }
    var unit = block.stored(greatest * Float(codes.lowerBound).searchReciprocal)
    var best: (unit: Float, scales: [Float], error: Float) = (0, wanted.map { _ in 0 }, .infinity)
    for _ in 0..<3 {
      let chosen = zip(groups, wanted).map { code($0, unit, $1) }
      let sums = zip(groups, chosen).map { group, chosen in scale.sums(group, unit * chosen.code) }
      let error = chosen.reduce(Float(0)) { $0 + $1.error }
      if error < best.error { best = (unit, chosen.map(\.code), error) }
      let products = zip(chosen, sums).reduce(Float(0)) { $0 + $1.0.code * $1.1.products }
      let squares = zip(chosen, sums).reduce(Float(0)) { $0 + $1.0.code * $1.0.code * $1.1.squares }
      unit = block.stored(products * squares.searchReciprocal)
    }
    return Result(
      unit: best.unit, scales: best.scales.map { Int($0) },
      codes: zip(groups, best.scales).flatMap { scale.codes($0, best.unit * $1) })
  }

  /// The s of least error, and that error.
  private func code(_ group: SearchedGroup, _ unit: Float, _ wanted: Float) -> (code: Float, error: Float) {
    func clamped(_ code: Float) -> Float { max(Float(codes.lowerBound), min(code, Float(codes.upperBound))) }
    let nearest = clamped((wanted * unit.searchReciprocal).rounded(.toNearestOrEven))
    var best = (code: nearest, error: scale.error(group, unit * nearest))
    for step: Float in [-1, 1] {
      let code = clamped(nearest + step)
      let error = scale.error(group, unit * code)
      if error < best.error { best = (code, error) }
    }
    return best
  }
}
