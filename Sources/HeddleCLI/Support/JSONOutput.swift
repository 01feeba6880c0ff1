import Foundation
import HeddleText

extension Console {
  /// One object on one line; keys in snake case and sorted. They must be ours: what has a file's keys is written by
  /// `JSONText`.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try output(escaped(try encoder.encode(value)) + Array("\n".utf8))
  }

  /// One object on one line, as it was written.
  static func json(_ text: JSONText) throws { try output(escaped(Data(text.bytes)) + Array("\n".utf8)) }

  /// The encoder leaves DEL and the control characters from U+0080 as they are, and a terminal takes them for its own.
  private static func escaped(_ json: Data) -> [UInt8] {
    let text = String(decoding: json, as: UTF8.self)
    guard text.unicodeScalars.contains(where: isControl) else { return Array(json) }
    var result = ""
    for scalar in text.unicodeScalars {
      // Outside of strings there are none.
      if isControl(scalar) {
        result += String(format: "\\u%04x", scalar.value)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return Array(result.utf8)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool { (0x7F..<0xA0).contains(scalar.value) }
}
