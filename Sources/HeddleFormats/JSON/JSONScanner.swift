import HeddleText

/// Reads a JSON text that nobody has checked, piece by piece, as the caller expects them (RFC 8259).
///
/// Stricter than most parsers: a key comes once in an object, a string is valid Unicode, a number is an integer in its
/// shortest form. The caller says what comes next, so nothing here recurses: a text of a hundred thousand brackets is
/// an unexpected bracket.
package struct JSONScanner {
  private let bytes: UnsafeRawBufferPointer
  /// How many bytes were read: always in `0...bytes.count`.
  package private(set) var offset = 0

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next byte, not taken.
  package var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  package func error(_ defect: JSONDefect, at offset: Int? = nil) -> JSONError {
    JSONError(offset: offset ?? self.offset, defect: defect)
  }

  /// The error that something else comes next.
  package func unexpected(_ expected: String) -> JSONError {
    let found =
      switch peek {
      case nil: "the end"
      case let byte? where byte > 0x20 && byte < 0x7f: "'\(Character(UnicodeScalar(byte)))'"
      case let byte?: "the byte \(byte)"
      }
    return error(.unexpected(found: found, expected: expected))
  }

  package mutating func skipWhitespace() {
    while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset &+= 1 }
  }

  package mutating func takes(_ character: Unicode.Scalar) -> Bool {
    guard let byte = peek, UInt32(byte) == character.value else { return false }
    offset += 1
    return true
  }

  /// Takes the bytes of a string up to the next one that is not text: a quote, a backslash or a control character.
  package mutating func takeText() -> UnsafeRawBufferPointer {
    let start = offset
    while let byte = peek, byte != 0x22, byte != 0x5c, byte >= 0x20 { offset += 1 }
    return UnsafeRawBufferPointer(rebasing: bytes.part(from: start, to: offset))
  }

  package mutating func takeByte() -> UInt8? {
    guard let byte = peek else { return nil }
    offset += 1
    return byte
  }

  // MARK: Objects and arrays

  /// An object or an array that is being read.
  package struct Members {
    fileprivate var isOpen = false
    fileprivate var keys: NameSet = []

    package init() {}
  }

  /// The next key of an object, with its offset; nothing at its end. The first call takes the opening brace.
  package mutating func nextKey(_ members: inout Members) throws(JSONError) -> (key: String, offset: Int)? {
    guard try nextMember(&members, "{", "}", "an object") else { return nil }
    let start = offset
    let key = try string("a key")
    guard members.keys.insert(key).inserted else { throw error(.duplicateKey(key), at: start) }
    skipWhitespace()
    guard takes(":") else { throw unexpected("':'") }
    skipWhitespace()
    return (key, start)
  }

  /// An array of at most `limit` elements, each read by `element`: two characters can be a value of eight or sixteen bytes.
  ///
  /// - Parameter what: the elements, for the error that there are more.
  package mutating func array<Element>(
    _ what: String, limit: Int, _ element: (inout JSONScanner) throws(JSONError) -> Element
  ) throws(JSONError) -> [Element] {
    var members = Members()
    var elements: [Element] = []
    while try nextMember(&members, "[", "]", "an array") {
      guard elements.count < limit else { throw error(.limitExceeded(what: what, limit: limit)) }
      elements.append(try element(&self))
    }
    return elements
  }

  /// Whether an array has one more element, which is to be read next. The first call takes the opening bracket.
  mutating func nextElement(_ members: inout Members) throws(JSONError) -> Bool {
    try nextMember(&members, "[", "]", "an array")
  }

  private mutating func nextMember(
    _ members: inout Members, _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ what: String
  ) throws(JSONError) -> Bool {
    skipWhitespace()
    if members.isOpen {
      if takes(close) { return false }
      guard takes(",") else { throw unexpected("',' or '\(close)'") }
    } else {
      guard takes(open) else { throw unexpected(what) }
      members.isOpen = true
      skipWhitespace()
      if takes(close) { return false }
    }
    skipWhitespace()
    return true
  }
}
