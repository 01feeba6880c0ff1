/// The scale of a group, value = d · level, by search: the least `Σ w (x − d · level(x / d))²` of
///
///     d = e / n,  e the value of greatest magnitude, n of either sign from `first` in `steps` steps of `step`
///
/// then, while it gets better, the d that is best for the levels it gives: `Σ w x level / Σ w level²`.
struct ScaleSearch {
  let levels: Levels
  let first: Float
  let step: Float
  let steps: Int

  /// - Parameter stored: a scale as it can be stored.
  func best(_ group: SearchedGroup, stored: (Float) -> Float = { $0 }) -> Float {
    let greatest = group.greatest
    var (best, least) = (Float(0), error(group, 0))
    for number in 0..<2 * steps {
      let n = first + step * Float(number / 2)
      let scale = stored(greatest * (number % 2 == 1 ? n : -n).searchReciprocal)
      let error = error(group, scale)
      if error < least { (best, least) = (scale, error) }
    }
    for _ in 0..<4 {
      let (products, squares) = sums(group, best)
      let scale = stored(products * squares.searchReciprocal)
      let error = error(group, scale)
      guard error < least else { break }
      (best, least) = (scale, error)
    }
    return best
  }

  func error(_ group: SearchedGroup, _ scale: Float) -> Float {
    let inverse = scale.searchReciprocal
    return group.sum { x, w in
      let rest = x.addingProduct(-scale, levels.nearest(x * inverse))
      return (w * rest, rest)
    }
  }

  /// `Σ w x level` and `Σ w level²`.
  func sums(_ group: SearchedGroup, _ scale: Float) -> (products: Float, squares: Float) {
    let inverse = scale.searchReciprocal
    func level(_ x: Float) -> Float { levels.nearest(x * inverse) }
    return (group.sum { ($1 * level($0), $0) }, group.sum { ($1 * level($0), level($0)) })
  }

  /// The codes of a group.
  func codes(_ group: SearchedGroup, _ scale: Float) -> [Int] {
    let inverse = scale.searchReciprocal
    return group.values.map { levels.code($0 * inverse) }
  }
}
