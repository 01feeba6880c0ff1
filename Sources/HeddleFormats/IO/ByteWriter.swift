import HeddleText

/// Builds the bytes of a file, little-endian.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { value in for byte in value { bytes.append(byte) } }
  }

  mutating func append(bytes more: [UInt8]) { bytes.append(contentsOf: more) }

  /// The UTF-8 length as 64 bits, then the UTF-8.
  mutating func append(string: String) {
    append(UInt64(clamping: string.utf8.count))
    bytes.append(contentsOf: string.utf8)
  }

  /// Zeros up to a multiple of `alignment`.
  mutating func pad(to alignment: Int) {
    let missing = bytes.count.roundedUp(toMultipleOf: alignment) &- bytes.count
    bytes.append(contentsOf: [UInt8](filled: 0, count: missing))  // Traps: never (clamped-count).
  }

  /// A metadata value, without its type.
  mutating func append(_ value: GGUFValue) {
    switch value {
    case .uint8(let value): append(value)
    case .int8(let value): append(value)
    case .uint16(let value): append(value)
    case .int16(let value): append(value)
    case .uint32(let value): append(value)
    case .int32(let value): append(value)
    case .uint64(let value): append(value)
    case .int64(let value): append(value)
    case .float32(let value): append(value.bitPattern)
    case .float64(let value): append(value.bitPattern)
    case .bool(let value): append(UInt8(value ? 1 : 0))
    case .string(let value): append(string: value)
    case .array(let array): append(array)
    }
  }

  private mutating func append(_ array: GGUFArray) {
    append(array.elementType.rawValue)
    append(UInt64(clamping: array.count))
    switch array {
    case .uint8(let values): values.forEach { append($0) }
    case .int8(let values): values.forEach { append($0) }
    case .uint16(let values): values.forEach { append($0) }
    case .int16(let values): values.forEach { append($0) }
    case .uint32(let values): values.forEach { append($0) }
    case .int32(let values): values.forEach { append($0) }
    case .uint64(let values): values.forEach { append($0) }
    case .int64(let values): values.forEach { append($0) }
    case .float32(let values): values.forEach { append($0.bitPattern) }
    case .float64(let values): values.forEach { append($0.bitPattern) }
    case .bool(let values): values.forEach { append(UInt8($0 ? 1 : 0)) }
    case .string(let values): values.forEach { append(string: $0) }
    }
  }
}
