import Heddle

/// A file's metadata as JSON: keys as they are in the file, long arrays shortened to their first elements.
struct MetadataList: Encodable {
  private let metadata: GGUFMetadata

  init(_ metadata: GGUFMetadata) { self.metadata = metadata }

  /// Any key, never converted by the encoder's key strategy.
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for key in metadata.keys {
      guard let value = metadata[key] else { continue }
      try container.encode(Self.json(value), forKey: Key(stringValue: key))
    }
  }

  private static let shownElements = 16

  private static func json(_ value: GGUFValue) -> JSONValue {
    switch value {
    case .uint8(let value): .integer(Int64(value))
    case .int8(let value): .integer(Int64(value))
    case .uint16(let value): .integer(Int64(value))
    case .int16(let value): .integer(Int64(value))
    case .uint32(let value): .integer(Int64(value))
    case .int32(let value): .integer(Int64(value))
    case .uint64(let value): .unsigned(value)
    case .int64(let value): .integer(value)
    case .float32(let value): .number(Double(value))
    case .float64(let value): .number(value)
    case .bool(let value): .bool(value)
    case .string(let value): .string(value)
    case .array(let array): json(array)
    }
  }

  private static func json(_ array: GGUFArray) -> JSONValue {
    let elements = first(of: array)
    if elements.count == array.count { return .array(elements) }
    return .object(["count": .integer(Int64(array.count)), "first": .array(elements)])
  }

  private static func first(of array: GGUFArray) -> [JSONValue] {
    func some<Element>(_ values: [Element], _ convert: (Element) -> JSONValue) -> [JSONValue] {
      values.prefix(shownElements).map(convert)
    }
    return switch array {
    case .uint8(let values): some(values) { .integer(Int64($0)) }
    case .int8(let values): some(values) { .integer(Int64($0)) }
    case .uint16(let values): some(values) { .integer(Int64($0)) }
    case .int16(let values): some(values) { .integer(Int64($0)) }
    case .uint32(let values): some(values) { .integer(Int64($0)) }
    case .int32(let values): some(values) { .integer(Int64($0)) }
    case .uint64(let values): some(values) { .unsigned($0) }
    case .int64(let values): some(values) { .integer($0) }
    case .float32(let values): some(values) { .number(Double($0)) }
    case .float64(let values): some(values) { .number($0) }
    case .bool(let values): some(values) { .bool($0) }
    case .string(let values): some(values) { .string($0) }
    }
  }
}
