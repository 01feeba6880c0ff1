/// What values of a group are rounded to, before they are times the scale.
enum Levels {
  /// Whole numbers, whose codes begin at 0.
  case uniform(ClosedRange<Int>)
  /// Ascending numbers. Halfway between two the lower one is the nearest.
  case table([Float])
  /// Numbers from 0, ascending, and those below it, whose codes begin after all of them. Halfway between two the one of lesser
  /// magnitude is the nearest. A zero has no sign.
  case signed([Float])
  /// Floats of eight bits, ties to even; beyond the greatest is the greatest. A zero has no sign.
  case float8(mantissaBits: Int, leastExponent: Int, greatest: Float)

  func code(_ x: Float) -> Int {
    switch self {
    case .uniform(let range):
      return Int(max(Float(range.lowerBound), min(x.rounded(.toNearestOrEven), Float(range.upperBound))))
        - range.lowerBound
    case .signed(let levels):
      let code = Levels.table(levels).code(abs(x))
      return x < 0 && code > 0 ? code + levels.count : code
    case .float8(let mantissaBits, let leastExponent, _):
      let level = nearest(x).magnitude
      let unit = Float(sign: .plus, exponent: leastExponent, significand: 1)
      let code =
        level < unit
        ? Int(level / unit * Float(1 << mantissaBits))
        : (Int(level.exponent) - leastExponent + 1) << mantissaBits
          + Int((level.significand - 1) * Float(1 << mantissaBits))
      return x < 0 && code > 0 ? code + 128 : code
    case .table(let levels):
      return zip(levels, levels.dropFirst()).reduce(0) { $0 + (x > 0.5 * ($1.0 + $1.1) ? 1 : 0) }
    }
  }

  func nearest(_ x: Float) -> Float {
    switch self {
    case .uniform(let range): Float(code(x) + range.lowerBound)
    case .table(let levels): levels[code(x)]
    case .signed(let levels): x < 0 ? -levels[Levels.table(levels).code(-x)] : levels[code(x)]
    case .float8(let mantissaBits, let leastExponent, let greatest): float8(x, mantissaBits, leastExponent, greatest)
    }
  }

  private func float8(_ x: Float, _ mantissaBits: Int, _ leastExponent: Int, _ greatest: Float) -> Float {
    let exponent = x == 0 ? leastExponent : max(Int(x.exponent), leastExponent)
    let step = Float(sign: .plus, exponent: exponent - mantissaBits, significand: 1)
    return max(-greatest, min((x / step).rounded(.toNearestOrEven) * step, greatest))
  }
}
