extension JSONScanner {
  /// An integer of a type, in its shortest form: no fraction, no exponent, no `-0`, no leading zeros.
  mutating func integer<Value: FixedWidthInteger>(
    _ type: Value.Type = Value.self, atLeast least: Value = .min
  ) throws(JSONError) -> Value {
    var expected: String { "an integer in \(least)...\(Value.max)" }
    let start = offset
    let text = takeNumber()
    guard !text.isEmpty else { throw unexpected(expected) }
    guard let value = Value(text), value >= least, text == "\(value)" else {
      throw invalid(text, expected, at: start)
    }
    return value
  }

  /// A number of any form, as it is nearest to in float64, and as an integer if it was written as one that fits.
  mutating func number() throws(JSONError) -> (value: Double, integer: Int?) {
    let expected = "a finite number"
    let start = offset
    let text = takeNumber()
    guard !text.isEmpty else { throw unexpected(expected) }
    guard Self.isNumber(text), let value = Double(text), value.isFinite else {
      throw invalid(text, expected, at: start)
    }
    return (value, text == "-0" ? nil : Int(text))
  }

  /// `-`, an integer without leading zeros, and maybe a fraction and an exponent.
  private static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func takes(_ characters: String) -> Bool {
      guard let first = rest.first, characters.utf8.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    func takesDigits() -> Bool {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      rest = rest.dropFirst(digits.count)
      return !digits.isEmpty
    }
    _ = takes("-")
    guard takes("0") || takesDigits() else { return false }
    if takes("."), !takesDigits() { return false }
    if takes("eE") {
      _ = takes("+-")
      guard takesDigits() else { return false }
    }
    return rest.isEmpty
  }

  private func invalid(_ text: String, _ expected: String, at start: Int) -> JSONError {
    error(.invalidNumber(text.count > 40 ? text.prefix(40) + "…" : text, expected: expected), at: start)
  }

  /// All that comes next and may stand in a number.
  private mutating func takeNumber() -> String {
    var text = ""
    while let byte = peek, isOfNumber(byte) {
      text.unicodeScalars.append(Unicode.Scalar(byte))
      _ = takeByte()
    }
    return text
  }

  private func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
