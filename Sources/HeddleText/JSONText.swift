/// Builds a compact JSON text. Commas are its business, the order of calls the caller's.
///
/// Keys come out as they are, byte for byte: an encoder would hold them in a dictionary of strings, where two spellings
/// of é are one.
package struct JSONText {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init() {}

  /// The text; what was appended is valid UTF-8.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package mutating func object(_ members: (inout JSONText) throws -> Void) rethrows {
    try nested(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
  }

  package mutating func array(_ elements: (inout JSONText) throws -> Void) rethrows {
    try nested(UInt8(ascii: "["), UInt8(ascii: "]"), elements)
  }

  /// A member's key; its value is to follow.
  package mutating func key(_ key: String) {
    string(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  package mutating func string(_ value: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20:
        bytes.append(contentsOf: ("\\u" + String(byte, radix: 16).padded(to: 4, with: "0")).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func integer(_ value: some FixedWidthInteger) {
    separate()
    bytes.append(contentsOf: "\(value)".utf8)
  }

  /// A finite number; JSON has no word for others, which become strings.
  package mutating func number(_ value: Double) {
    guard value.isFinite else { return string("\(value)") }
    separate()
    bytes.append(contentsOf: "\(value)".utf8)
  }

  package mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  package mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Bytes that change nothing of what the text says.
  package mutating func spaces(_ count: Int) {
    bytes.append(contentsOf: [UInt8](filled: UInt8(ascii: " "), count: count))  // Traps: never (clamped-count).
  }

  private mutating func nested(_ open: UInt8, _ close: UInt8, _ body: (inout JSONText) throws -> Void) rethrows {
    separate()
    bytes.append(open)
    needsComma = false
    try body(&self)
    bytes.append(close)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }
}
