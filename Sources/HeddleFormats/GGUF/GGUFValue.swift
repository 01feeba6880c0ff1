import HeddleText

/// A metadata value.
public enum GGUFValue: Hashable, Sendable {
  case uint8(UInt8)
  case int8(Int8)
  case uint16(UInt16)
  case int16(Int16)
  case uint32(UInt32)
  case int32(Int32)
  case uint64(UInt64)
  case int64(Int64)
  case float32(Float)
  case float64(Double)
  case bool(Bool)
  case string(String)
  case array(GGUFArray)

  public var type: GGUFValueType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .uint64: .uint64
    case .int64: .int64
    case .float32: .float32
    case .float64: .float64
    case .bool: .bool
    case .string: .string
    case .array: .array
    }
  }

  /// The type in words: `uint32`, `array of string`.
  public var typeName: String {
    if case .array(let array) = self { "array of \(array.elementType)" } else { type.name }
  }

  /// The value of any integer type. It may be out of `Int`'s range, hence the protocol.
  var integer: (any FixedWidthInteger)? {
    switch self {
    case .uint8(let value): value
    case .int8(let value): value
    case .uint16(let value): value
    case .int16(let value): value
    case .uint32(let value): value
    case .int32(let value): value
    case .uint64(let value): value
    case .int64(let value): value
    default: nil
    }
  }
}

extension GGUFValue: CustomStringConvertible {
  /// The value as one would print it in a listing: strings quoted and shortened, arrays by their first elements.
  public var description: String {
    switch self {
    case .float32(let value): "\(value)"
    case .float64(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .string(let value): quoted(value)
    case .array(let array): array.description
    default: integer.map { "\($0)" } ?? ""
    }
  }
}
