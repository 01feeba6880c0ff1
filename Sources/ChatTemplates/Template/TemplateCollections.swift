import HeddleText

/// A list whose depth is known, so that no template can nest values deeper than a stack can unwind.
struct TemplateList: Sendable {
  let items: [TemplateValue]
  let depth: Int

  init(_ items: [TemplateValue], line: Int) throws(ChatTemplateError) {
    self.items = items
    depth = 1 &+ (items.lazy.map(\.depth).max() ?? 0)
    guard depth <= ChatTemplate.Limits.valueDepth else {
      throw .limitExceeded("\(ChatTemplate.Limits.valueDepth) nested values", line: line)
    }
  }
}

/// A mapping from strings that keeps the order of insertion.
struct TemplateDictionary: Sendable {
  private(set) var entries: [(key: TemplateString, value: TemplateValue)] = []
  private(set) var depth = 1
  private var index: NameTable<Int> = [:]

  init() {}

  subscript(key: String) -> TemplateValue? { index[key].flatMap { entries[at: $0]?.value } }

  mutating func set(_ key: TemplateString, _ value: TemplateValue, line: Int) throws(ChatTemplateError) {
    depth = max(depth, 1 &+ value.depth)
    guard depth <= ChatTemplate.Limits.valueDepth else {
      throw .limitExceeded("\(ChatTemplate.Limits.valueDepth) nested values", line: line)
    }
    if let position = index[key.text] {
      entries.update(at: position) { $0.value = value }
    } else {
      index[key.text] = entries.count
      entries.append((key, value))
    }
  }
}
