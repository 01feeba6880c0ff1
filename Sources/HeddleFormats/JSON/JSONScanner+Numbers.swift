import HeddleText

extension JSONScanner {
  /// An integer of a type, in its shortest form: no fraction, no exponent, no `-0`, no leading zeros.
  package mutating func integer<Value: FixedWidthInteger>(
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
  package mutating func number() throws(JSONError) -> (value: Double, integer: Int?) {
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
    let bytes = Array(text.utf8)
    var place = 0
    func takes(_ characters: String) -> Bool {
      guard let byte = bytes[at: place], characters.utf8.contains(byte) else { return false }
      place &+= 1
      return true
    }
    func takesDigits() -> Bool {
      guard takes("0123456789") else { return false }
      while takes("0123456789") {}
      return true
    }
    _ = takes("-")
    guard takes("0") || takesDigits() else { return false }
    if takes("."), !takesDigits() { return false }
    if takes("eE") {
      _ = takes("+-")
      guard takesDigits() else { return false }
    }
    return place == bytes.count
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
