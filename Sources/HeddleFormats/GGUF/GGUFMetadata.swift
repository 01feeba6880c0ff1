import HeddleText

/// The metadata of a GGUF file: keys in the file's order, each with a typed value.
///
/// The getters name the key, the expected and the found type when they throw:
///
/// ```swift
/// let layers = try file.metadata.integer("llama.block_count", in: 1...1024)
/// let base = try file.metadata.float("llama.rope.freq_base", default: 10_000)
/// ```
public struct GGUFMetadata: Sendable {
  /// In the file's order.
  public private(set) var keys: [String] = []
  private var values: NameTable<GGUFValue> = [:]
  /// Of values with text that is no UTF-8, which the values hold as U+FFFD: what the getters throw.
  private var defects: NameTable<GGUFError> = [:]
  /// The file, for messages.
  let path: String

  init(path: String) { self.path = path }

  public var count: Int { keys.count }

  /// The value, or nothing if the file does not have the key. Text that is no UTF-8 has U+FFFD where it is not; of an
  /// array only the first such text, the others are U+FFFD alone.
  public subscript(key: String) -> GGUFValue? { values[key] }

  /// Adds an entry; false if the key is taken.
  ///
  /// - Parameter defect: what whoever needs its text is told, if that is no UTF-8.
  mutating func append(_ key: String, _ value: GGUFValue, defect: GGUFError? = nil) -> Bool {
    guard values.updateValue(value, forKey: key) == nil else { return false }
    keys.append(key)
    defects[key] = defect
    return true
  }

  /// Sets an entry; one that is there keeps its place.
  mutating func set(_ key: String, _ value: GGUFValue) {
    if values.updateValue(value, forKey: key) == nil { keys.append(key) }
    defects[key] = nil
  }

  /// Takes an entry away, if it is there.
  mutating func remove(_ key: String) {
    guard values.removeValue(forKey: key) != nil else { return }
    keys = keys.filter { !$0.utf8.elementsEqual(key.utf8) }
    defects[key] = nil
  }

  /// Throws for text that is no UTF-8, unless it only tells of the model (`general.…`): to write U+FFFD there harms nobody.
  func requireText() throws(GGUFError) {
    for key in keys where !key.utf8.starts(with: "general.".utf8) {
      if let defect = defects[key] { throw defect }
    }
  }

  /// A string.
  ///
  /// - Parameter fallback: what to return if the file does not have the key; without it, that is an error.
  /// - Throws: ``GGUFError/missingKey(path:key:)``, ``GGUFError/wrongType(path:key:expected:got:)``; so do all getters.
  ///   ``GGUFError/malformed(path:offset:_:)`` for text that is no UTF-8.
  public func string(_ key: String, default fallback: String? = nil) throws(GGUFError) -> String {
    try get(key, "string", fallback) { if case .string(let value) = $0 { value } else { nil } }
  }

  /// A boolean.
  public func bool(_ key: String, default fallback: Bool? = nil) throws(GGUFError) -> Bool {
    try get(key, "bool", fallback) { if case .bool(let value) = $0 { value } else { nil } }
  }

  /// A float32 or float64.
  public func float(_ key: String, default fallback: Double? = nil) throws(GGUFError) -> Double {
    try get(key, "float", fallback) {
      switch $0 {
      case .float32(let value): Double(value)
      case .float64(let value): value
      default: nil
      }
    }
  }

  /// An integer of any width.
  ///
  /// - Throws: also ``GGUFError/valueOutOfRange(path:key:value:range:)`` if it is outside `range`.
  public func integer(
    _ key: String, in range: ClosedRange<Int> = Int.min...Int.max, default fallback: Int? = nil
  ) throws(GGUFError) -> Int {
    if let fallback, values[key] == nil { return fallback }
    let value = try get(key, "integer", nil) { $0.integer }
    return try checked(value, key, range)
  }

  /// An array of integers of any width, each checked as by ``integer(_:in:default:)``.
  public func integers(
    _ key: String, in range: ClosedRange<Int> = Int.min...Int.max, default fallback: [Int]? = nil
  ) throws(GGUFError) -> [Int] {
    if let fallback, values[key] == nil { return fallback }
    let array = try get(key, "array of integer", nil) { if case .array(let array) = $0 { array } else { nil } }
    switch array {
    case .uint8(let values): return try checked(values, key, range)
    case .int8(let values): return try checked(values, key, range)
    case .uint16(let values): return try checked(values, key, range)
    case .int16(let values): return try checked(values, key, range)
    case .uint32(let values): return try checked(values, key, range)
    case .int32(let values): return try checked(values, key, range)
    case .uint64(let values): return try checked(values, key, range)
    case .int64(let values): return try checked(values, key, range)
    case .float32, .float64, .bool, .string:
      throw .wrongType(
        path: path, key: key, expected: "array of integer", got: GGUFValue.array(array).typeName)
    }
  }

  /// An array of strings.
  public func strings(_ key: String, default fallback: [String]? = nil) throws(GGUFError) -> [String] {
    try get(key, "array of string", fallback) { if case .array(.string(let values)) = $0 { values } else { nil } }
  }

  /// An array of booleans.
  public func bools(_ key: String, default fallback: [Bool]? = nil) throws(GGUFError) -> [Bool] {
    try get(key, "array of bool", fallback) { if case .array(.bool(let values)) = $0 { values } else { nil } }
  }

  /// An array of float32 or float64.
  public func floats(_ key: String, default fallback: [Double]? = nil) throws(GGUFError) -> [Double] {
    try get(key, "array of float", fallback) {
      switch $0 {
      case .array(.float32(let values)): values.map(Double.init)
      case .array(.float64(let values)): values
      default: nil
      }
    }
  }

  private func get<Value>(
    _ key: String, _ expected: String, _ fallback: Value?, _ convert: (GGUFValue) -> Value?
  ) throws(GGUFError) -> Value {
    guard let value = values[key] else {
      guard let fallback else { throw .missingKey(path: path, key: key) }
      return fallback
    }
    guard let converted = convert(value) else {
      throw .wrongType(path: path, key: key, expected: expected, got: value.typeName)
    }
    if let defect = defects[key] { throw defect }
    return converted
  }

  private func checked<Values: Collection>(
    _ values: Values, _ key: String, _ range: ClosedRange<Int>
  ) throws(GGUFError) -> [Int] where Values.Element: FixedWidthInteger {
    var result: [Int] = []
    result.reserveCapacity(values.count)
    for value in values { result.append(try checked(value, key, range)) }
    return result
  }

  private func checked(
    _ value: some FixedWidthInteger, _ key: String, _ range: ClosedRange<Int>
  ) throws(GGUFError) -> Int {
    guard let integer = Int(exactly: value), range.contains(integer) else {
      throw .valueOutOfRange(path: path, key: key, value: "\(value)", range: range)
    }
    return integer
  }
}
