import HeddleText

/// A whole number of any size by its decimal digits, the least one first: what exact decimals of a float64 take.
struct DecimalDigits {
  private var digits: [UInt8] = []

  init(_ number: UInt64) {
    for digit in String(number).utf8.reversed() { digits.append(digit &- UInt8(ascii: "0")) }
  }

  mutating func multiplyByTen(_ times: Int) {
    var scaled: [UInt8] = []
    while scaled.count < times { scaled.append(0) }
    digits = scaled + digits
  }

  mutating func double(_ times: Int) {
    for _ in stride(from: 0, to: times, by: 1) {
      var carry: UInt8 = 0
      digits = digits.map { digit in
        let doubled = digit &* 2 &+ carry
        carry = doubled > 9 ? 1 : 0
        return doubled &- carry &* 10
      }
      if carry > 0 { digits.append(carry) }
    }
  }

  /// Divides by a power of two, rounded to the nearest, of two that are as near to the even one.
  mutating func halve(_ times: Int) {
    var (half, rest) = (false, false)
    for _ in stride(from: 0, to: times, by: 1) {
      rest = rest || half
      var remainder: UInt8 = 0
      let halved = digits.reversed().map { digit in
        let value = remainder &* 10 &+ digit
        remainder = value & 1
        return value >> 1
      }
      digits = halved.reversed()
      half = remainder == 1
    }
    guard half, rest || (digits.first ?? 0) & 1 == 1 else { return }
    var carry: UInt8 = 1
    digits = digits.map { digit in
      let sum = digit &+ carry
      carry = sum > 9 ? 1 : 0
      return sum &- carry &* 10
    }
    if carry > 0 { digits.append(carry) }
  }

  /// With a point before so many of the last digits.
  func text(decimals: Int) -> String {
    var scalars: [Unicode.Scalar] = []
    for (place, digit) in digits.enumerated() {
      if place == decimals, decimals > 0 { scalars.append(".") }
      scalars.append(Unicode.Scalar(digit &+ UInt8(ascii: "0")))
    }
    if digits.count <= decimals {
      while scalars.count < decimals { scalars.append("0") }
      scalars += [".", "0"]
    }
    // No zeros before the first other digit, but for the one before the point.
    while scalars.last == "0", scalars.count > decimals &+ (decimals > 0 ? 2 : 1) { _ = scalars.popLast() }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars.reversed())
    return String(view)
  }
}
