/// Values that share a scale, and their weights.
struct SearchedGroup {
  let values: [Float]
  let weights: [Float]

  /// `Σ a · b` over the values in the one order of all encoders: four sums, of values k mod 4, then (s₀ + s₁) + (s₂ + s₃); each
  /// step rounded once.
  func sum(_ factors: (_ x: Float, _ w: Float) -> (Float, Float)) -> Float {
    var sums: [Float] = [0, 0, 0, 0]
    for k in values.indices {
      let (a, b) = factors(values[k], weights[k])
      sums[k % 4] = sums[k % 4].addingProduct(a, b)
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3])
  }

  /// The value of greatest magnitude, the first of equals.
  var greatest: Float { values.reduce(0) { abs($1) > abs($0) ? $1 : $0 } }
}

extension Float {
  /// `1 / x` by four of Newton's steps from a guess that is 12 % off at most; 0 of 0.
  var searchReciprocal: Float {
    if self == 0 { return 0 }
    var y = Float(bitPattern: (0x7EF3_11C3 - magnitude.bitPattern) | bitPattern & 0x8000_0000)
    for _ in 0..<4 { y = y.addingProduct(y, Float(1).addingProduct(-self, y)) }
    return y
  }
}
