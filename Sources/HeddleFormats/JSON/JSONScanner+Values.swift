extension JSONScanner {
  /// A string.
  ///
  /// - Parameter expected: what it is, for the error that something else comes next.
  package mutating func string(_ expected: String = "a string") throws(JSONError) -> String {
    guard takes("\"") else { throw unexpected(expected) }
    var text = ""
    while true {
      let start = offset
      let plain = takeText()
      if !plain.isEmpty {
        guard let valid = String(validating: plain.assumingMemoryBound(to: UInt8.self), as: UTF8.self) else {
          throw error(.invalidUTF8, at: start)
        }
        text += valid
      }
      switch peek {
      case 0x22?:
        _ = takeByte()
        return text
      case 0x5c?: text.unicodeScalars.append(try escape())
      case let byte?: throw error(.controlCharacter(byte))
      case nil: throw unexpected("'\"'")
      }
    }
  }

  /// `\n` and its like, from the backslash on.
  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    _ = takeByte()
    switch peek {
    case UInt8(ascii: "\"")?, UInt8(ascii: "\\")?, UInt8(ascii: "/")?: return Unicode.Scalar(takeByte() ?? 0)
    case UInt8(ascii: "b")?: return short("\u{8}")
    case UInt8(ascii: "f")?: return short("\u{c}")
    case UInt8(ascii: "n")?: return short("\n")
    case UInt8(ascii: "r")?: return short("\r")
    case UInt8(ascii: "t")?: return short("\t")
    case UInt8(ascii: "u")?:
      _ = takeByte()
      let first = try hexadecimalUnit()
      if let scalar = Unicode.Scalar(first) { return scalar }
      // A pair of surrogates: the high half, then the low one.
      guard first < 0xdc00, takes("\\"), takes("u") else { throw error(.loneSurrogate(first), at: start) }
      let second = try hexadecimalUnit()
      guard (0xdc00...0xdfff).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00))
      else { throw error(.loneSurrogate(first), at: start) }
      return scalar
    default: throw unexpected("an escape sequence")
    }
  }

  private mutating func short(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    _ = takeByte()
    return scalar
  }

  private mutating func hexadecimalUnit() throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("four hexadecimal digits")
      }
      _ = takeByte()
      unit = unit << 4 | UInt16(truncatingIfNeeded: digit)
    }
    return unit
  }

  /// `true` or `false`.
  package mutating func bool() throws(JSONError) -> Bool {
    let value = peek == UInt8(ascii: "t")
    for scalar in (value ? "true" : "false").unicodeScalars {
      guard takes(scalar) else { throw unexpected("true or false") }
    }
    return value
  }

  /// `null`
  package mutating func null() throws(JSONError) {
    for scalar in "null".unicodeScalars {
      guard takes(scalar) else { throw unexpected("null") }
    }
  }

  /// The end of the text; only spaces may come before it.
  package mutating func end() throws(JSONError) {
    while takes(" ") {}
    guard peek == nil else { throw unexpected("nothing but spaces") }
  }
}
