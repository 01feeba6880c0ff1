import HeddleText

/// An array value, kept in the type it has in the file: a byte array costs a byte per element.
public enum GGUFArray: Hashable, Sendable {
  case uint8([UInt8])
  case int8([Int8])
  case uint16([UInt16])
  case int16([Int16])
  case uint32([UInt32])
  case int32([Int32])
  case uint64([UInt64])
  case int64([Int64])
  case float32([Float])
  case float64([Double])
  case bool([Bool])
  case string([String])

  public var elementType: GGUFValueType {
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
    }
  }

  public var count: Int { elements.count }

  /// The elements, whatever their type.
  var elements: any RandomAccessCollection {
    switch self {
    case .uint8(let values): values
    case .int8(let values): values
    case .uint16(let values): values
    case .int16(let values): values
    case .uint32(let values): values
    case .int32(let values): values
    case .uint64(let values): values
    case .int64(let values): values
    case .float32(let values): values
    case .float64(let values): values
    case .bool(let values): values
    case .string(let values): values
    }
  }
}

extension GGUFArray: CustomStringConvertible {
  /// The first elements, and how many there are in all.
  public var description: String {
    let shown = elements.prefix(4).map { element in (element as? String).map(quoted) ?? "\(element)" }
    let rest = count > shown.count ? ", … \(count) in all" : ""
    return "[\(shown.joined(separator: ", "))\(rest)]"
  }
}
