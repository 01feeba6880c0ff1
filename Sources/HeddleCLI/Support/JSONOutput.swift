import Foundation

/// JSON of any shape, for what has no type of its own.
enum JSONValue: Encodable, Sendable {
  case string(String)
  case integer(Int64)
  case unsigned(UInt64)
  case number(Double)
  case bool(Bool)
  case array([JSONValue])
  case object([String: JSONValue])

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .string(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .unsigned(let value): try container.encode(value)
    // JSON has no word for these; a file's metadata may hold them.
    case .number(let value): if value.isFinite { try container.encode(value) } else { try container.encode("\(value)") }
    case .bool(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }
}

extension Console {
  /// One object on one line; keys in snake case and sorted.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try output(escaped(try encoder.encode(value)) + Array("\n".utf8))
  }

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
