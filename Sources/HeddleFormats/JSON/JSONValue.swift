import HeddleText

/// A JSON value of any kind, for texts whose shape only their reader knows.
enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// A finite number, and as an integer if it was written as one that fits.
  case number(Double, integer: Int?)
  case string(String)
  case array([JSONValue])
  case object(NameTable<JSONValue>)

  var isNull: Bool { if case .null = self { true } else { false } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var integer: Int? { if case .number(_, let value) = self { value } else { nil } }
  var number: Double? { if case .number(let value, _) = self { value } else { nil } }
  var string: String? { if case .string(let value) = self { value } else { nil } }
  var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  var object: NameTable<JSONValue>? { if case .object(let members) = self { members } else { nil } }

  /// The value of an object's key; nil if it has none, or this is no object.
  subscript(key: String) -> JSONValue? { object?[key] }
}

extension JSONValue: CustomStringConvertible {
  /// The value as a message names it: what is inside of others is not shown.
  var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(_, let value?): "\(value)"
    case .number(let value, _): "\(value)"
    case .string(let value): quoted(value)
    case .array(let values): "an array of \(values.count)"
    case .object: "an object"
    }
  }
}

extension JSONValue {
  /// The value that a whole text is.
  init(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
    var scanner = JSONScanner(bytes)
    self = try scanner.value()
    scanner.skipWhitespace()
    try scanner.end()
  }
}

/// An object or an array that is being read.
private struct OpenValue {
  var members = JSONScanner.Members()
  let isObject: Bool
  var key = ""
  var entries: NameTable<JSONValue> = [:]
  var elements: [JSONValue] = []

  var value: JSONValue { isObject ? .object(entries) : .array(elements) }

  mutating func add(_ value: JSONValue) {
    if isObject { entries[key] = value } else { elements.append(value) }
  }
}

extension JSONScanner {
  /// How deep values may lie in others.
  static let maximumDepth = 64
  /// Values of one text: two bytes can be one of thirty.
  static let maximumValueCount = 1 << 20

  /// A value of any kind. Nothing recurses: what is open lies on a stack.
  mutating func value() throws(JSONError) -> JSONValue {
    var open: [OpenValue] = []
    var count = 0
    while true {
      skipWhitespace()
      count &+= 1
      guard count <= Self.maximumValueCount else {
        throw error(.limitExceeded(what: "values", limit: Self.maximumValueCount))
      }
      var finished = try scalar()
      if finished == nil {
        guard open.count < Self.maximumDepth else {
          throw error(.limitExceeded(what: "values inside of each other", limit: Self.maximumDepth))
        }
        open.append(OpenValue(isObject: peek == UInt8(ascii: "{")))
      }
      // Closes what ends here, up to where another value follows.
      while true {
        guard var last = open.popLast() else {
          guard let finished else { throw unexpected("a value") }
          return finished
        }
        if let value = finished { last.add(value) }
        let hasMore: Bool
        if last.isObject {
          let next = try nextKey(&last.members)
          if let next { last.key = next.key }
          hasMore = next != nil
        } else {
          hasMore = try nextElement(&last.members)
        }
        if hasMore {
          open.append(last)
          break
        }
        finished = last.value
      }
    }
  }

  /// A value that has none inside; nil where an object or an array begins.
  private mutating func scalar() throws(JSONError) -> JSONValue? {
    switch peek {
    case UInt8(ascii: "{")?, UInt8(ascii: "[")?: return nil
    case UInt8(ascii: "\"")?: return .string(try string())
    case UInt8(ascii: "t")?, UInt8(ascii: "f")?: return .bool(try bool())
    case UInt8(ascii: "n")?:
      try null()
      return .null
    case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?:
      let number = try number()
      return .number(number.value, integer: number.integer)
    default: throw unexpected("a value")
    }
  }
}
