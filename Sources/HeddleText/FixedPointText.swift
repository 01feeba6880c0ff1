extension Double {
  // Traps: never, the value is compared with 9e15; decimals are at most 9, and widths those of our tables.
  /// The value with a fixed count of decimals, and blanks before it up to `width` characters: for tables.
  package func text(decimals: Int, width: Int = 0) -> String {
    var scale = 1.0
    for _ in 0..<max(0, min(decimals, 9)) { scale *= 10 }
    let scaled = (magnitude * scale).rounded()
    // What has no decimals in float64, and what is no number.
    guard scaled < 9e15 else { return Self.padded("\(self)", width) }
    let digits = "\(Int(scaled))"
    let count = max(0, min(decimals, 9))
    let whole = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
    let sign = self < 0 && scaled > 0 ? "-" : ""
    let text = sign + whole.dropLast(count) + (count > 0 ? "." + whole.suffix(count) : "")
    return Self.padded(text, width)
  }

  // Traps: never, widths are those of our tables.
  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
