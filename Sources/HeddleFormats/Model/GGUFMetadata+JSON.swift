import HeddleText

/// Metadata as typed JSON, as ``SafetensorsModel`` describes it: every value of every type comes back bit for bit.
extension GGUFMetadata {
  var json: String {
    var text = JSONText()
    text.object { text in
      for key in keys {
        guard let value = self[key] else { continue }
        text.key(key)
        text.object {
          $0.key(value.typeName)
          value.write(to: &$0)
        }
      }
    }
    return text.text
  }

  /// The most elements of all arrays together: eight vocabularies of half a million.
  static let maximumElementCount = 1 << 22

  /// - Parameter path: the file, for the messages of the getters.
  init(_ scanner: inout JSONScanner, path: String) throws(JSONError) {
    self.init(path: path)
    var members = JSONScanner.Members()
    var room = Self.maximumElementCount
    let limit = GGUFReadOptions().maximumMetadataCount
    while let (key, start) = try scanner.nextKey(&members) {
      guard count < limit else {
        throw scanner.error(.limitExceeded(what: "metadata entries", limit: limit), at: start)
      }
      var typed = JSONScanner.Members()
      guard let (type, typeStart) = try scanner.nextKey(&typed) else {
        throw scanner.error(.missingField("type", of: key), at: start)
      }
      let value = try GGUFValue(&scanner, type: type, at: typeStart, room: &room)
      if let (extra, extraStart) = try scanner.nextKey(&typed) {
        throw scanner.error(.unknownField(extra, of: key), at: extraStart)
      }
      // The scanner has refused a key that comes twice.
      _ = append(key, value)
    }
  }
}

extension GGUFValue {
  fileprivate func write(to text: inout JSONText) {
    switch self {
    case .uint8(let value): text.integer(value)
    case .int8(let value): text.integer(value)
    case .uint16(let value): text.integer(value)
    case .int16(let value): text.integer(value)
    case .uint32(let value): text.integer(value)
    case .int32(let value): text.integer(value)
    case .uint64(let value): text.integer(value)
    case .int64(let value): text.integer(value)
    case .float32(let value): text.bits(value.bitPattern)
    case .float64(let value): text.bits(value.bitPattern)
    case .bool(let value): text.bool(value)
    case .string(let value): text.string(value)
    case .array(let array): text.array { array.write(to: &$0) }
    }
  }

  /// - Parameter room: how many elements arrays may still have.
  fileprivate init(
    _ scanner: inout JSONScanner, type name: String, at start: Int, room: inout Int
  ) throws(JSONError) {
    let prefix = "array of "
    if name.hasPrefix(prefix) {
      let type = try GGUFValueType(name: String(name.dropFirst(prefix.count)), scanner, at: start)
      let array = try GGUFArray(&scanner, of: type, limit: room)
      room &-= array.count
      self = .array(array)
      return
    }
    self =
      switch try GGUFValueType(name: name, scanner, at: start) {
      case .uint8: .uint8(try scanner.integer())
      case .int8: .int8(try scanner.integer())
      case .uint16: .uint16(try scanner.integer())
      case .int16: .int16(try scanner.integer())
      case .uint32: .uint32(try scanner.integer())
      case .int32: .int32(try scanner.integer())
      case .uint64: .uint64(try scanner.integer())
      case .int64: .int64(try scanner.integer())
      case .float32: .float32(Float(bitPattern: try scanner.bits()))
      case .float64: .float64(Double(bitPattern: try scanner.bits()))
      case .bool: .bool(try scanner.bool())
      case .string: .string(try scanner.string())
      case .array: throw scanner.error(.unexpected(found: quoted(name), expected: "an element's type"), at: start)
      }
  }
}

extension GGUFArray {
  fileprivate func write(to text: inout JSONText) {
    switch self {
    case .uint8(let values): for value in values { text.integer(value) }
    case .int8(let values): for value in values { text.integer(value) }
    case .uint16(let values): for value in values { text.integer(value) }
    case .int16(let values): for value in values { text.integer(value) }
    case .uint32(let values): for value in values { text.integer(value) }
    case .int32(let values): for value in values { text.integer(value) }
    case .uint64(let values): for value in values { text.integer(value) }
    case .int64(let values): for value in values { text.integer(value) }
    case .float32(let values): for value in values { text.bits(value.bitPattern) }
    case .float64(let values): for value in values { text.bits(value.bitPattern) }
    case .bool(let values): for value in values { text.bool(value) }
    case .string(let values): for value in values { text.string(value) }
    }
  }

  fileprivate init(_ scanner: inout JSONScanner, of type: GGUFValueType, limit: Int) throws(JSONError) {
    let what = "elements of arrays"
    func integers<Value: FixedWidthInteger>() throws(JSONError) -> [Value] {
      try scanner.array(what, limit: limit) { scanner throws(JSONError) in try scanner.integer() }
    }
    func floats<Bits: FixedWidthInteger, Value>(_ value: (Bits) -> Value) throws(JSONError) -> [Value] {
      try scanner.array(what, limit: limit) { scanner throws(JSONError) in value(try scanner.bits()) }
    }
    self =
      switch type {
      case .uint8: .uint8(try integers())
      case .int8: .int8(try integers())
      case .uint16: .uint16(try integers())
      case .int16: .int16(try integers())
      case .uint32: .uint32(try integers())
      case .int32: .int32(try integers())
      case .uint64: .uint64(try integers())
      case .int64: .int64(try integers())
      case .float32: .float32(try floats(Float.init(bitPattern:)))
      case .float64: .float64(try floats(Double.init(bitPattern:)))
      case .bool: .bool(try scanner.array(what, limit: limit) { scanner throws(JSONError) in try scanner.bool() })
      case .string: .string(try scanner.array(what, limit: limit) { scanner throws(JSONError) in try scanner.string() })
      case .array: throw scanner.unexpected("an array of values, not of arrays")
      }
  }
}

extension GGUFValueType {
  fileprivate init(name: String, _ scanner: JSONScanner, at start: Int) throws(JSONError) {
    guard let type = Self.allCases.first(where: { $0.name == name }) else {
      throw scanner.error(.unexpected(found: quoted(name), expected: "a type of metadata values"), at: start)
    }
    self = type
  }
}

extension JSONText {
  /// The bits of a number: as many hexadecimal digits as fit them.
  fileprivate mutating func bits(_ value: some FixedWidthInteger & UnsignedInteger) {
    string(String(value, radix: 16).padded(to: value.bitWidth / 4, with: "0"))
  }
}

extension JSONScanner {
  fileprivate mutating func bits<Value: FixedWidthInteger>() throws(JSONError) -> Value {
    let start = offset
    let text = try string()
    // Digits only: the conversion would also take a sign.
    guard text.utf8.count == Value.bitWidth / 4, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
      let value = Value(text, radix: 16)
    else {
      throw error(.unexpected(found: quoted(text), expected: "\(Value.bitWidth / 4) hexadecimal digits"), at: start)
    }
    return value
  }
}
