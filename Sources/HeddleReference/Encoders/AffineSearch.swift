/// The scale and the least value of a group, value = d · level − m with levels `0...highest`, by search: the least
/// `Σ w (x − d · level + m)²` of
///
///     d = (max − min) / n, m = −min,  n from `first` in `steps` steps of `step`,
///
/// and of each what is best for the levels it gives, by two normal equations; then that again, while it gets better.
struct AffineSearch {
  let highest: Int
  let first: Float
  let step: Float
  let steps: Int
  /// The least value is not above 0: m ≥ 0.
  var leastIsNegative = false

  struct Affine {
    var scale: Float
    var least: Float
  }

  /// - Parameter stored: a number as it can be stored.
  func best(_ group: SearchedGroup, stored: (Float) -> Float = { $0 }) -> Affine {
    var lowest = group.values.reduce(.infinity) { min($0, $1) }
    let highest = group.values.reduce(-.infinity) { max($0, $1) }
    if leastIsNegative { lowest = min(lowest, 0) }
    var best = Affine(scale: 0, least: stored(-lowest))
    let least = best.least
    var error = error(group, best)
    for number in 0..<2 * steps {
      let n = first + step * Float(number / 2)
      var affine = Affine(scale: stored((highest - lowest) * n.searchReciprocal), least: least)
      if number % 2 == 1 { affine = refitted(group, affine, stored) }
      let other = self.error(group, affine)
      if other < error { (best, error) = (affine, other) }
    }
    for _ in 0..<4 {
      let affine = refitted(group, best, stored)
      let other = self.error(group, affine)
      guard other < error else { break }
      (best, error) = (affine, other)
    }
    return best
  }

  private func level(_ x: Float, _ inverse: Float) -> Float {
    max(0, min((x * inverse).rounded(.toNearestOrEven), Float(highest)))
  }

  func error(_ group: SearchedGroup, _ affine: Affine) -> Float {
    let inverse = affine.scale.searchReciprocal
    return group.sum { x, w in
      let x = x + affine.least
      let rest = x.addingProduct(-affine.scale, level(x, inverse))
      return (w * rest, rest)
    }
  }

  struct Sums {
    var one, level, square, x, product: Float
  }

  func sums(_ group: SearchedGroup, _ affine: Affine) -> Sums {
    let inverse = affine.scale.searchReciprocal
    func level(_ x: Float) -> Float { self.level(x + affine.least, inverse) }
    return Sums(
      one: group.sum { ($1, 1) }, level: group.sum { ($1 * level($0), 1) },
      square: group.sum { ($1 * level($0), level($0)) }, x: group.sum { ($1, $0) },
      product: group.sum { ($1 * level($0), $0) })
  }

  /// Scale and least value that are best for the levels that others give.
  private func refitted(_ group: SearchedGroup, _ affine: Affine, _ stored: (Float) -> Float) -> Affine {
    let sums = sums(group, affine)
    let determinant = (-(sums.level * sums.level)).addingProduct(sums.one, sums.square)
    guard determinant > 0 else { return affine }
    var scale = (-(sums.x * sums.level)).addingProduct(sums.one, sums.product) * determinant.searchReciprocal
    var least = -(sums.x.addingProduct(-scale, sums.level) * sums.one.searchReciprocal)
    if leastIsNegative, !(least > 0) {
      least = 0
      scale = sums.product * sums.square.searchReciprocal
    }
    return Affine(scale: stored(scale), least: stored(least))
  }

  /// The codes of a group.
  func codes(_ group: SearchedGroup, _ affine: Affine) -> [Int] {
    let inverse = affine.scale.searchReciprocal
    return group.values.map { Int(level($0 + affine.least, inverse)) }
  }
}
