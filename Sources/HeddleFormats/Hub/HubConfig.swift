import HeddleText

/// A JSON object of a model folder's configuration, read key by key. What was not read at the end may not change what the
/// model computes: see ``refuseUnread(_:)``. A key whose value is null counts as absent.
struct HubConfig {
  let path: String
  private let prefix: String
  private let members: NameTable<JSONValue>
  private var read: NameSet = []

  /// - Parameter prefix: what stands before the keys in messages.
  init(_ members: NameTable<JSONValue>, path: String, prefix: String = "") {
    self.path = path
    self.prefix = prefix
    self.members = members
  }

  func name(_ key: String) -> String { prefix + key }

  /// The value of a key, if it has one.
  mutating func value(_ key: String) -> JSONValue? {
    read.insert(key)
    return members[key].flatMap { $0.isNull ? nil : $0 }
  }

  var isEmpty: Bool { members.isEmpty }

  /// In the order of names.
  var keys: [String] { members.keys.sorted { Name($0) < Name($1) } }

  mutating func has(_ key: String) -> Bool { value(key) != nil }

  func error(_ defect: HubConfigDefect) -> ModelFolderError { .config(path: path, defect) }

  func unsupported(_ key: String, _ value: some CustomStringConvertible, _ supported: String) -> ModelFolderError {
    error(.unsupported(key: name(key), value: value.description, supported: supported))
  }

  func invalid(_ key: String, _ value: some CustomStringConvertible, _ reason: String) -> ModelFolderError {
    error(.invalid(key: name(key), value: value.description, reason: reason))
  }

  private mutating func get<Value>(
    _ key: String, _ expected: String, _ fallback: Value?, _ convert: (JSONValue) -> Value?
  ) throws(ModelFolderError) -> Value {
    guard let value = value(key) else {
      guard let fallback else { throw error(.missingKey(name(key))) }
      return fallback
    }
    guard let converted = convert(value) else {
      throw error(.wrongType(key: name(key), expected: expected, found: value.description))
    }
    return converted
  }

  /// Sizes and counts; far above any in use.
  static let sizes = 1...(1 << 30)
  /// Of what lists are made for.
  static let layers = 1 << 12, width = 1 << 24, headLength = 1 << 16

  mutating func integer(
    _ key: String, in range: ClosedRange<Int> = sizes, default fallback: Int? = nil
  ) throws(ModelFolderError) -> Int {
    let value = try get(key, "an integer", fallback) { $0.integer }
    guard range.contains(value) else { throw error(.outOfRange(key: name(key), value: "\(value)", range: range)) }
    return value
  }

  mutating func optionalInteger(_ key: String) throws(ModelFolderError) -> Int? {
    has(key) ? try integer(key) : nil
  }

  mutating func number(_ key: String, default fallback: Double? = nil) throws(ModelFolderError) -> Double {
    try get(key, "a number", fallback) { $0.number }
  }

  mutating func optionalNumber(_ key: String) throws(ModelFolderError) -> Double? {
    has(key) ? try number(key) : nil
  }

  mutating func optionalPositive(_ key: String) throws(ModelFolderError) -> Double? {
    guard let value = try optionalNumber(key) else { return nil }
    guard value > 0 else { throw invalid(key, value, "it must be above 0") }
    return value
  }

  mutating func bool(_ key: String, default fallback: Bool? = nil) throws(ModelFolderError) -> Bool {
    try get(key, "true or false", fallback) { $0.bool }
  }

  mutating func string(_ key: String, default fallback: String? = nil) throws(ModelFolderError) -> String {
    try get(key, "a string", fallback) { $0.string }
  }

  mutating func numbers(_ key: String) throws(ModelFolderError) -> [Double] {
    try get(key, "an array of numbers", nil) { value in
      guard let array = value.array else { return nil }
      let numbers = array.compactMap(\.number)
      return numbers.count == array.count ? numbers : nil
    }
  }

  mutating func strings(_ key: String) throws(ModelFolderError) -> [String]? {
    guard has(key) else { return nil }
    return try get(key, "an array of strings", nil) { value in
      guard let array = value.array else { return nil }
      let strings = array.compactMap(\.string)
      return strings.count == array.count ? strings : nil
    }
  }

  /// The members of a key that is an object; nil if it is absent.
  mutating func object(_ key: String) throws(ModelFolderError) -> HubConfig? {
    guard has(key) else { return nil }
    let members = try get(key, "an object", nil) { $0.object }
    return HubConfig(members, path: path, prefix: name(key) + ".")
  }

  /// Refuses any value but these of a key that is there.
  mutating func require(_ key: String, oneOf values: [String]) throws(ModelFolderError) {
    guard has(key) else { return }
    let value = try string(key)
    guard values.contains(where: { $0.hasSameBytes(as: value) }) else {
      throw unsupported(key, quoted(value), values.map { "'\($0)'" }.joined(separator: ", "))
    }
  }

  /// Refuses the other value of a key that is there.
  mutating func require(_ key: String, is wanted: Bool) throws(ModelFolderError) {
    guard has(key) else { return }
    let value = try bool(key)
    guard value == wanted else { throw unsupported(key, value, "\(wanted)") }
  }

  /// Refuses any other number of a key that is there.
  mutating func require(_ key: String, is wanted: Double) throws(ModelFolderError) {
    guard has(key) else { return }
    let value = try number(key)
    guard value == wanted else { throw unsupported(key, value, "\(wanted)") }
  }

  /// Refuses the first key, in the order of names, that nobody has read and that is not known to change nothing.
  func refuseUnread(_ harmless: NameSet) throws(ModelFolderError) {
    let unread = members.filter { !read.contains($0.key) && !harmless.contains($0.key) && !$0.value.isNull }
    guard let first = unread.min(by: { Name($0.key) < Name($1.key) }) else { return }
    throw unsupported(
      first.key, first.value, "models without this key, which may change what they compute")
  }
}
