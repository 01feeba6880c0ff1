/// Values that share a scale, and their weights.
struct SearchedGroup {
  let values: [Float]
  let weights: [Float]

  /// `Σ a · b` over the values in the one order of all encoders: of each 32 values four sums, of values k mod 4, then
  /// (s₀ + s₁) + (s₂ + s₃), and these one after the other; each step rounded once.
  func sum(_ factors: (_ x: Float, _ w: Float) -> (Float, Float)) -> Float {
    stride(from: 0, to: values.count, by: 32).reduce(Float(0)) { sum, start in
      var sums: [Float] = [0, 0, 0, 0]
      for k in start..<min(start + 32, values.count) {
        let (a, b) = factors(values[k], weights[k])
        sums[k % 4] = sums[k % 4].addingProduct(a, b)
      }
      return sum + ((sums[0] + sums[1]) + (sums[2] + sums[3]))
    }
  }

  /// The value of greatest magnitude, the first of equals.
  var greatest: Float { values.reduce(0) { abs($1) > abs($0) ? $1 : $0 } }
}

extension Float {
  /// `1 / x` by four of Newton's steps from a guess that is 12 % off at most; 0 of 0. It is rounded to nearest but where all bits of
  /// the mantissa are ones.
  var searchReciprocal: Float {
    if self == 0 { return 0 }
    var y = Float(bitPattern: (0x7EF3_11C3 - magnitude.bitPattern) | bitPattern & 0x8000_0000)
    for _ in 0..<4 { y = y.addingProduct(y, Float(1).addingProduct(-self, y)) }
    return y
  }
}
