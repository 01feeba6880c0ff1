import HeddleText

/// A list whose depth is known, so that no template can nest values deeper than a stack can unwind.
struct TemplateList: Sendable {
  /// Python's types of what a template walks. They print differently, and a generator has no length and no places.
  enum Kind: Sendable {
    case list
    case tuple
    case generator
  }

  let items: [TemplateValue]
  let kind: Kind
  let depth: Int

  init(_ items: [TemplateValue], kind: Kind = .list, line: Int) throws(ChatTemplateError) {
    self.items = items
    self.kind = kind
    depth = 1 &+ (items.lazy.map(\.depth).max() ?? 0)
    guard depth <= ChatTemplate.Limits.valueDepth else {
      throw .limitExceeded("\(ChatTemplate.Limits.valueDepth) nested values", line: line)
    }
  }
}

/// A mapping that keeps the order of insertion. Its keys are what Python hashes: texts, numbers, booleans, none.
struct TemplateDictionary: Sendable {
  private(set) var entries: [(key: TemplateValue, value: TemplateValue)] = []
  private(set) var depth = 1
  private var index: NameTable<Int> = [:]

  init() {}

  subscript(key: String) -> TemplateValue? { index["s" + key].flatMap { entries[at: $0]?.value } }

  subscript(key: TemplateValue) -> TemplateValue? {
    key.hashName.flatMap { index[$0] }.flatMap { entries[at: $0]?.value }
  }

  mutating func set(_ key: TemplateString, _ value: TemplateValue, line: Int) throws(ChatTemplateError) {
    try set(.string(key), value, line: line)
  }

  mutating func set(_ key: TemplateValue, _ value: TemplateValue, line: Int) throws(ChatTemplateError) {
    guard let name = key.hashName else { throw .evaluation("\(key.kind) cannot be a key", line: line) }
    depth = max(depth, 1 &+ value.depth)
    guard depth <= ChatTemplate.Limits.valueDepth else {
      throw .limitExceeded("\(ChatTemplate.Limits.valueDepth) nested values", line: line)
    }
    if let position = index[name] {
      entries.update(at: position) { $0.value = value }
    } else {
      index[name] = entries.count
      entries.append((key, value))
    }
  }
}

extension TemplateValue {
  /// Equal for equal keys of a mapping, and for no others; nil for what can be none.
  fileprivate var hashName: String? {
    switch self {
    case .string(let string): "s" + string.text
    case .none: "none"
    case .bool, .int: integer.map { "n\($0)" }
    case .float(let value): Int(exactly: value).map { "n\($0)" } ?? "f\(value)"
    default: nil
    }
  }

  /// A list, a tuple or a generator of these.
  static func list(
    _ items: [TemplateValue], kind: TemplateList.Kind = .list, line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    .list(try TemplateList(items, kind: kind, line: line))
  }

  static func text(_ text: String) -> TemplateValue { .string(TemplateString(text)) }
}
