import HeddleText

/// A list whose depth is known, so that no template can nest values deeper than a stack can unwind.
struct TemplateList: Sendable {
  let items: [TemplateValue]
  let depth: Int

  // Traps: never, depths are compared with `valueDepth` as they grow.
  init(_ items: [TemplateValue], line: Int) throws(ChatTemplateError) {
    self.items = items
    depth = 1 + (items.lazy.map(\.depth).max() ?? 0)
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

  // Traps: never, `index` counts the entries.
  subscript(key: String) -> TemplateValue? { index[key].map { entries[$0].value } }

  // Traps: never, depths are compared with `valueDepth` as they grow, and `index` counts the entries.
  mutating func set(_ key: TemplateString, _ value: TemplateValue, line: Int) throws(ChatTemplateError) {
    depth = max(depth, 1 + value.depth)
    guard depth <= ChatTemplate.Limits.valueDepth else {
      throw .limitExceeded("\(ChatTemplate.Limits.valueDepth) nested values", line: line)
    }
    if let position = index[key.text] {
      entries[position].value = value
    } else {
      index[key.text] = entries.count
      entries.append((key, value))
    }
  }
}
