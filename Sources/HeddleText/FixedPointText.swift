extension Double {
  /// The value with a fixed count of decimals, and blanks before it up to `width` characters: for tables.
  package func text(decimals: Int, width: Int = 0) -> String {
    let count = max(0, min(decimals, 9))
    var scale = 1.0
    for _ in 0..<count { scale *= 10 }
    let scaled = (magnitude * scale).rounded()
    // What has no decimals in float64, and what is no number.
    guard scaled < 9e15, let number = Int(exactly: scaled) else { return "\(self)".padded(to: width) }
    let digits = "\(number)"
    let whole = digits.padded(to: count + 1, with: "0")
    let sign = self < 0 && scaled > 0 ? "-" : ""
    let text = sign + whole.dropLast(count) + (count > 0 ? "." + whole.suffix(count) : "")
    return text.padded(to: width)
  }
}
