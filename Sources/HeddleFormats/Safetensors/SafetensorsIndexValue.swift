/// A value of an index's `metadata`.
public enum SafetensorsIndexValue: Hashable, Sendable {
  case string(String)
  case integer(Int)
  /// Any other number; finite.
  case number(Double)
  case bool(Bool)
  case null
}

extension SafetensorsIndexValue: CustomStringConvertible {
  public var description: String {
    switch self {
    case .string(let value): value
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .null: "null"
    }
  }
}

extension SafetensorsIndexValue {
  /// A value that is neither an object nor an array.
  init(_ scanner: inout JSONScanner) throws(JSONError) {
    switch scanner.peek {
    case UInt8(ascii: "\"")?: self = .string(try scanner.string())
    case UInt8(ascii: "t")?, UInt8(ascii: "f")?: self = .bool(try scanner.bool())
    case UInt8(ascii: "n")?:
      try scanner.null()
      self = .null
    case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?:
      let number = try scanner.number()
      self = number.integer.map { .integer($0) } ?? .number(number.value)
    default: throw scanner.unexpected("a string, a number, true, false or null")
    }
  }
}
