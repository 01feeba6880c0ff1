import HeddleText

/// Filters that put values in order, as Python orders them.
extension TemplateEvaluator {
  /// What values are ordered by: an attribute or several with commas between, in lower case unless the case counts.
  func sortingKeys(
    of values: [TemplateValue], _ arguments: TemplateArguments, caseAt casePosition: Int, attributeAt position: Int
  ) throws(ChatTemplateError) -> [TemplateValue] {
    let line = arguments.line
    func folded(_ values: [TemplateValue]) -> [TemplateValue] { self.folded(values, arguments, caseAt: casePosition) }
    guard let path = arguments[position, "attribute"], path != .none else { return folded(values) }
    guard case .string(let names) = path, names.scalars.contains(",") else {
      return folded(try attributes(path, of: values, line: line))
    }
    let paths = names.split(by: TemplateString(","), limit: -1)
    var keys: [TemplateValue] = []
    for value in values {
      var parts: [TemplateValue] = []
      for path in paths { parts += folded(try attributes(.string(path), of: [value], line: line)) }
      keys.append(try .list(parts, line: line))
    }
    return keys
  }

  /// Strings in lower case, unless the arguments say that the case counts; other values as they are.
  private func folded(
    _ values: [TemplateValue], _ arguments: TemplateArguments, caseAt position: Int
  ) -> [TemplateValue] {
    if arguments[position, "case_sensitive"]?.isTrue == true { return values }
    return values.map { if case .string(let string) = $0 { .string(string.lowercased) } else { $0 } }
  }

  /// Stable, in either direction. There is a key for each value.
  func sorted<Value>(
    _ values: [Value], by keys: [TemplateValue], reverse: Bool, line: Int
  ) throws(ChatTemplateError) -> [Value] {
    try charge(values.count &* 16, line: line)
    var incomparable: (TemplateValue, TemplateValue)?
    let order = zip(keys, values).enumerated().sorted { left, right in
      guard let order = Self.order(left.element.0, right.element.0) else {
        incomparable = (left.element.0, right.element.0)
        return left.offset < right.offset
      }
      return order == 0 ? left.offset < right.offset : (order < 0) != reverse
    }
    if let (left, right) = incomparable { throw .evaluation("'<' between \(left.kind) and \(right.kind)", line: line) }
    return order.map(\.element.1)
  }

  // Traps: never (value-depth).
  /// Below, above or equal to 0 as the first value is less than, greater than or equal to the second; nil for values
  /// that have no order.
  static func order(_ left: TemplateValue, _ right: TemplateValue) -> Int? {
    if let left = left.integer, let right = right.integer { return left < right ? -1 : left > right ? 1 : 0 }
    if let left = left.number, let right = right.number { return left < right ? -1 : left > right ? 1 : 0 }
    switch (left, right) {
    case (.string(let left), .string(let right)):
      return left == right ? 0 : left.scalars.lexicographicallyPrecedes(right.scalars) ? -1 : 1
    case (.list(let left), .list(let right)) where left.kind == right.kind && left.kind != .generator:
      for (left, right) in zip(left.items, right.items) where left != right { return order(left, right) }
      return left.items.count &- right.items.count
    default: return nil
    }
  }

  func unique(
    _ values: [TemplateValue], by keys: [TemplateValue], line: Int
  ) throws(ChatTemplateError) -> [TemplateValue] {
    var seen: [TemplateValue] = []
    var kept: [TemplateValue] = []
    for (value, key) in zip(values, keys) {
      // Each may be compared with all of them.
      try charge(seen.count &* 16, line: line)
      if seen.contains(key) { continue }
      seen.append(key)
      kept.append(value)
    }
    return kept
  }

  /// Pairs of an attribute's value and the list of those that have it, in its order.
  func grouped(
    _ values: [TemplateValue], _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    let path = try arguments.required(0, "attribute")
    let found = try attributes(path, of: values, default: arguments[1, "default"], line: line)
    let keys = folded(found, arguments, caseAt: 2)
    let members = zip(keys, zip(found, values)).map { (key: $0, whole: $1.0, value: $1.1) }
    var groups: [(key: TemplateValue, whole: TemplateValue, members: [TemplateValue])] = []
    for member in try sorted(members, by: keys, reverse: false, line: line) {
      if groups.last?.key == member.key {
        groups.updateLast { $0.members.append(member.value) }
      } else {
        groups.append((key: member.key, whole: member.whole, members: [member.value]))
      }
    }
    var result: [TemplateValue] = []
    for group in groups {
      result.append(try .list([group.whole, try .list(group.members, line: line)], kind: .tuple, line: line))
    }
    return try .list(result, line: line)
  }

  /// `dictsort`: the pairs of a mapping in the order of its keys, or of its values.
  func sortedItems(of value: TemplateValue, _ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    guard case .dictionary(let dictionary) = value else { throw .evaluation("dictsort of \(value.kind)", line: line) }
    let pairs = try elements(of: try items(of: dictionary, line: line), line: line)
    let side = try arguments.string(1, "by")?.text ?? "key"
    guard side == "key" || side == "value" else { throw .evaluation("dictsort by '\(side)'", line: line) }
    let subjects = dictionary.entries.map { side == "key" ? $0.key : $0.value }
    let countsCase = TemplateArguments(positional: [arguments[0, "case_sensitive"] ?? .bool(false)], line: line)
    let keys = try sortingKeys(of: subjects, countsCase, caseAt: 0, attributeAt: 1)
    let reverse = arguments[2, "reverse"]?.isTrue == true
    return try .list(try sorted(pairs, by: keys, reverse: reverse, line: line), line: line)
  }
}
