import Foundation
import HeddleText

extension Console {
  /// One object on one line; keys in snake case and sorted. They must be ours: what has a file's keys is written by
  /// `JSONText`.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try output(try encoder.encode(value) + Data("\n".utf8))
  }

  /// One object on one line, as it was written.
  static func json(_ text: JSONText) throws { try output(text.text + "\n") }
}
