import HeddleText

/// How a value is laid out in a text: what stands behind the colon in `{:>8.2f}` and between `%` and a letter.
struct TemplateNumberFormat {
  var fill: Unicode.Scalar = " "
  /// `<`, `>`, `^`, `=`; nil for the value's own.
  var alignment: Unicode.Scalar?
  /// `+` or a space before what is not negative; nil for nothing.
  var sign: Unicode.Scalar?
  var width = 0
  /// Whether commas stand between thousands.
  var groups = false
  var precision: Int?
  /// `d`, `f`, `s`, `x` and their like; nil for the value's own.
  var type: Unicode.Scalar?

  private static let greatestWidth = 1 << 16

  init() {}

  /// Python's format specification; nil where it is none that is known here.
  init?(_ text: TemplateString) {
    var cursor = TemplateCursor(text.scalars)
    if let next = cursor.peek(1), "<>^=".unicodeScalars.contains(next), let fill = cursor.peek() {
      (self.fill, alignment) = (fill, next)
      cursor.advance(2)
    } else if let next = cursor.peek(), "<>^=".unicodeScalars.contains(next) {
      alignment = next
      cursor.advance()
    }
    if let next = cursor.peek(), "+- ".unicodeScalars.contains(next) {
      sign = next == "-" ? nil : next
      cursor.advance()
    }
    if cursor.peek() == "0" {
      if alignment == nil { (fill, alignment) = ("0", "=") }
      cursor.advance()
    }
    width = Self.number(&cursor) ?? 0
    if cursor.peek() == "," {
      groups = true
      cursor.advance()
    }
    if cursor.peek() == "." {
      cursor.advance()
      guard let precision = Self.number(&cursor) else { return nil }
      self.precision = precision
    }
    type = cursor.peek()
    cursor.advance()
    guard cursor.isAtEnd else { return nil }
  }

  /// Digits; nil if there are none. More than can be of use are as many as can.
  static func number(_ cursor: inout TemplateCursor<Unicode.Scalar>) -> Int? {
    var number: Int?
    while let digit = cursor.peek(), ("0"..."9").contains(digit) {
      number = min((number ?? 0) &* 10 &+ Int(digit.value &- 48), greatestWidth)
      cursor.advance()
    }
    return number
  }

  /// A number as this format writes it; nil for a type of format that is not for numbers.
  func text(of value: TemplateValue) -> String? {
    let magnitude: String
    let isNegative: Bool
    if let integer = value.integer, let digits = digits(of: integer.magnitude) {
      (magnitude, isNegative) = (digits, integer < 0)
    } else if let number = value.number, let digits = digits(of: number.magnitude) {
      (magnitude, isNegative) = (digits, number.sign == .minus && !number.isNaN)
    } else {
      return nil
    }
    let sign = isNegative ? "-" : self.sign.map { String($0) } ?? ""
    guard alignment == "=" else { return sign + magnitude }
    return sign + magnitude.padded(to: width &- sign.count, with: Character(fill))
  }

  private func digits(of integer: UInt) -> String? {
    switch type {
    case nil, "d", "i", "u", "n": grouped(String(integer))
    case "x": String(integer, radix: 16)
    case "X": String(integer, radix: 16, uppercase: true)
    case "o": String(integer, radix: 8)
    case "b": String(integer, radix: 2)
    default: nil
    }
  }

  private func digits(of number: Double) -> String? {
    switch type {
    case nil where precision == nil: return grouped(number.description)
    case "f", "F": return grouped(Self.fixed(number, decimals: precision ?? 6))
    case "%": return Self.fixed(number * 100, decimals: precision ?? 6) + "%"
    default: return nil
    }
  }

  private func grouped(_ digits: String) -> String {
    guard groups else { return digits }
    let whole = digits.unicodeScalars.prefix { ("0"..."9").contains($0) }
    var result = String.UnicodeScalarView()
    for (place, digit) in whole.enumerated() {
      if place > 0, (whole.count &- place) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return String(result) + String(digits.unicodeScalars.dropFirst(whole.count))
  }

  /// So many decimals, correctly rounded, of two that are as near the even one.
  static func fixed(_ number: Double, decimals: Int) -> String {
    guard number.isFinite else { return number.description }
    let decimals = min(max(decimals, 0), 1 << 10)
    // |number| is a whole number times a power of two.
    let exponent = max(Int(number.exponentBitPattern), 1) &- 1075
    let leading: UInt64 = number.exponentBitPattern == 0 ? 0 : 1 << 52
    var digits = DecimalDigits(number.significandBitPattern | leading)
    digits.multiplyByTen(decimals)
    if exponent < 0 { digits.halve(0 &- exponent) } else { digits.double(exponent) }
    return (number.sign == .minus ? "-" : "") + digits.text(decimals: decimals)
  }

  /// A text, filled up to the width.
  func justified(_ text: TemplateString, isNumber: Bool) -> TemplateString {
    let missing = max(width &- text.count, 0)
    guard missing > 0 else { return text }
    let before =
      switch alignment {
      case "<": 0
      case "^": missing / 2
      case ">", "=": missing
      default: isNumber ? missing : 0
      }
    return text.padded(before: before, after: missing &- before, with: TemplateString(String(fill)))
  }
}
