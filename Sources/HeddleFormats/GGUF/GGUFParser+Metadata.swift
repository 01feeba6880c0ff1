import HeddleText

extension GGUFParser {
  static let alignmentKey = "general.alignment"
  /// The specification's default and least.
  static let defaultAlignment = 32
  static let minimumAlignment = 8

  mutating func parseMetadata(count: Int) throws(GGUFError) -> GGUFMetadata {
    var metadata = GGUFMetadata(path: path)
    for entry in 0..<max(0, count) {
      let start = reader.offset
      let key = try readString(limit: options.maximumKeyByteCount, "the key of metadata entry \(entry)")
      guard !key.isEmpty else { throw defect(.emptyKey(entry: entry), at: start) }
      guard !key.utf8.contains(0) else { throw defect(.nulInName(key), at: start) }
      let type = try parseValueType(key)
      textDefect = nil
      let value = try parseValue(type, key)
      guard metadata.append(key, value, defect: textDefect) else { throw defect(.duplicateKey(key), at: start) }
    }
    // One part of a model in several files; a count of 0 means that it is not.
    let parts = try metadata.integer("split.count", default: 0)
    let number = try metadata.integer("split.no", default: 0)
    guard parts >= 0, number >= 0, number < max(parts, 1) else {
      throw defect(.invalidSplit(number: number, count: parts), at: reader.offset)
    }
    return metadata
  }

  func parseAlignment(_ metadata: GGUFMetadata) throws(GGUFError) -> Int {
    guard let value = metadata[Self.alignmentKey] else { return Self.defaultAlignment }
    guard case .uint32(let alignment) = value else {
      throw .wrongType(path: path, key: Self.alignmentKey, expected: "uint32", got: value.typeName)
    }
    guard let result = Self.checkedAlignment(alignment, limit: options.maximumAlignment) else {
      throw defect(.invalidAlignment(alignment), at: reader.offset)
    }
    return result
  }

  static func checkedAlignment(_ alignment: UInt32, limit: Int) -> Int? {
    guard let result = Int(exactly: alignment), alignment.nonzeroBitCount == 1 else { return nil }
    return result >= minimumAlignment && result <= limit ? result : nil
  }

  private mutating func parseValueType(_ key: String) throws(GGUFError) -> GGUFValueType {
    let start = reader.offset
    let id = try read(UInt32.self, "the type of metadata \(quoted(key))")
    guard let type = GGUFValueType(rawValue: id) else { throw defect(.unknownValueType(key: key, id: id), at: start) }
    return type
  }

  private mutating func parseValue(_ type: GGUFValueType, _ key: String) throws(GGUFError) -> GGUFValue {
    let start = reader.offset
    var what: String { "metadata \(quoted(key))" }
    switch type {
    case .uint8: return .uint8(try read(UInt8.self, what))
    case .int8: return .int8(try read(Int8.self, what))
    case .uint16: return .uint16(try read(UInt16.self, what))
    case .int16: return .int16(try read(Int16.self, what))
    case .uint32: return .uint32(try read(UInt32.self, what))
    case .int32: return .int32(try read(Int32.self, what))
    case .uint64: return .uint64(try read(UInt64.self, what))
    case .int64: return .int64(try read(Int64.self, what))
    case .float32: return .float32(Float(bitPattern: try read(UInt32.self, what)))
    case .float64: return .float64(Double(bitPattern: try read(UInt64.self, what)))
    case .bool:
      let byte = try read(UInt8.self, what)
      guard byte <= 1 else { throw defect(.invalidBool(key: key, byte: byte), at: start) }
      return .bool(byte == 1)
    case .string: return .string(try parseText(what))
    case .array: return .array(try parseArray(key))
    }
  }

  private mutating func parseArray(_ key: String) throws(GGUFError) -> GGUFArray {
    let type = try parseValueType(key)
    let start = reader.offset
    let declared = try read(UInt64.self, "the element count of metadata \(quoted(key))")
    let count = try checked(declared, "elements of metadata \(quoted(key))", options.maximumArrayCount, at: start)
    switch type {
    case .uint8: return .uint8(try elements(count, key) { (value: UInt8) in value })
    case .int8: return .int8(try elements(count, key) { (value: Int8) in value })
    case .uint16: return .uint16(try elements(count, key) { (value: UInt16) in value })
    case .int16: return .int16(try elements(count, key) { (value: Int16) in value })
    case .uint32: return .uint32(try elements(count, key) { (value: UInt32) in value })
    case .int32: return .int32(try elements(count, key) { (value: Int32) in value })
    case .uint64: return .uint64(try elements(count, key) { (value: UInt64) in value })
    case .int64: return .int64(try elements(count, key) { (value: Int64) in value })
    case .float32: return .float32(try elements(count, key) { (bits: UInt32) in Float(bitPattern: bits) })
    case .float64: return .float64(try elements(count, key) { (bits: UInt64) in Double(bitPattern: bits) })
    case .bool:
      let first = reader.offset
      let bytes = try elements(count, key) { (byte: UInt8) in byte }
      for (index, byte) in bytes.enumerated() where byte > 1 {
        throw defect(.invalidBool(key: key, byte: byte), at: first &+ index)
      }
      return .bool(bytes.map { $0 == 1 })
    case .string: return .string(try parseStrings(count, key))
    case .array: throw defect(.nestedArray(key: key), at: start)
    }
  }

  private mutating func elements<Bits: FixedWidthInteger & BitwiseCopyable, Element>(
    _ count: Int, _ key: String, _ transform: (Bits) -> Element
  ) throws(GGUFError) -> [Element] {
    do { return try reader.read(count, Bits.self, transform) } catch {
      throw truncation(error, "the \(count) elements of metadata \(quoted(key))")
    }
  }

  /// A text that is a value. One that is no UTF-8 hurts only who needs it: the file can still be listed.
  private mutating func parseText(_ what: @autoclosure () -> String) throws(GGUFError) -> String {
    let start = reader.offset
    let (text, isValid) = try readText(limit: options.maximumStringByteCount, what())
    if isValid { return text }
    // Text with U+FFFD in it is up to three times as long: millions of them would cost more than a file may.
    guard textDefect == nil else { return "\u{FFFD}" }
    textDefect = defect(.invalidUTF8(what: what()), at: start)
    return text
  }

  private mutating func parseStrings(_ count: Int, _ key: String) throws(GGUFError) -> [String] {
    try require(count, of: MemoryLayout<UInt64>.size, "the \(count) strings of metadata \(quoted(key))")
    return try (0..<max(0, count)).map { index throws(GGUFError) in
      try parseText("string \(index) of metadata \(quoted(key))")
    }
  }
}
