import HeddleText

/// Filters of lists, and of what else can be walked.
extension TemplateEvaluator {
  // Traps: never (value-depth).
  func sequenceFilter(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    // Those that choose and map look whether there is anything before they walk it.
    let isLazy = ["map", "select", "reject", "selectattr", "rejectattr"].contains(name)
    let values = isLazy && !value.isTrue ? [] : try elements(of: value, line: line)
    try charge(values.count, line: line)
    switch name {
    case "first": return values.first ?? .undefined(name: name)
    case "last": return values.last ?? .undefined(name: name)
    case "list": return try .list(values, line: line)
    case "reverse":
      guard case .string(let string) = value else { return try .list(values.reversed(), kind: .generator, line: line) }
      return .string(string.reversed)
    case "join":
      let separator = try arguments.string(0, "d") ?? TemplateString()
      let parts = try arguments[1, "attribute"].map { name throws(ChatTemplateError) in
        try attributes(name, of: values, line: line)
      }
      return .string(try join(parts ?? values, by: separator, line: line))
    case "batch", "slice": return try cut(name, values, arguments)
    case "sum":
      var sum = arguments[1, "start"] ?? .int(0)
      for value in try subjects(of: values, arguments, at: 0) { sum = try binary("+", sum, value, line: line) }
      return sum
    case "min", "max":
      let keys = try sortingKeys(of: values, arguments, caseAt: 0, attributeAt: 1)
      return try sorted(values, by: keys, reverse: name == "max", line: line).first ?? .undefined(name: name)
    case "sort":
      let keys = try sortingKeys(of: values, arguments, caseAt: 1, attributeAt: 2)
      let reverse = arguments[0, "reverse"]?.isTrue == true
      return try .list(try sorted(values, by: keys, reverse: reverse, line: line), line: line)
    case "unique":
      let keys = try sortingKeys(of: values, arguments, caseAt: 0, attributeAt: 1)
      return try .list(try unique(values, by: keys, line: line), kind: .generator, line: line)
    case "groupby": return try grouped(values, arguments)
    case "map": return try mapped(values, arguments)
    default: return try selected(name, values, arguments)
    }
  }

  /// An attribute of each, by a name, a place, or a path of these: `function.name`.
  func attributes(
    _ path: TemplateValue, of values: [TemplateValue], default fallback: TemplateValue? = nil, line: Int
  ) throws(ChatTemplateError) -> [TemplateValue] {
    var steps: [TemplateValue] = [path]
    if case .string(let names) = path {
      steps = names.split(by: TemplateString("."), limit: -1).map { name in
        Int(name.text).map { .int($0) } ?? .string(name)
      }
    }
    var result: [TemplateValue] = []
    for value in values {
      var found = value
      for step in steps {
        found = try item(step, of: found, line: line)
        if case .undefined = found, let fallback { found = fallback }
      }
      result.append(found)
    }
    return result
  }

  /// What a filter looks at: an attribute of each value, or the values.
  private func subjects(
    of values: [TemplateValue], _ arguments: TemplateArguments, at position: Int
  ) throws(ChatTemplateError) -> [TemplateValue] {
    guard let path = arguments[position, "attribute"], path != .none else { return values }
    return try attributes(path, of: values, line: arguments.line)
  }

  private func mapped(
    _ values: [TemplateValue], _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    if let attribute = arguments.named["attribute"] {
      let found = try attributes(attribute, of: values, default: arguments.named["default"], line: line)
      return try .list(found, kind: .generator, line: line)
    }
    var rest = arguments
    let inner = try arguments.requiredString(0, "filter").text
    rest.positional = Array(rest.positional.dropFirst())
    // `map("map", …)` goes on into what it is given, and the characters of a string are strings.
    try mapDepth.spend(line: line)
    defer { mapDepth.giveBack() }
    var result: [TemplateValue] = []
    for value in values { result.append(try filter(inner, value, rest)) }
    return try .list(result, kind: .generator, line: line)
  }

  private func selected(
    _ name: String, _ values: [TemplateValue], _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    var rest = arguments
    var subjects = values
    if name.hasSuffix("attr") {
      subjects = try attributes(try arguments.required(0, "attribute"), of: values, line: arguments.line)
      rest.positional = Array(rest.positional.dropFirst())
    }
    let test = try rest.string(0, "test")?.text
    rest.positional = Array(rest.positional.dropFirst())
    var kept: [TemplateValue] = []
    for (value, subject) in zip(values, subjects) {
      let holds =
        try test.map { name throws(ChatTemplateError) in try self.test(name, subject, rest) } ?? subject.isTrue
      if holds == name.hasPrefix("select") { kept.append(value) }
    }
    return try .list(kept, kind: .generator, line: arguments.line)
  }

  /// `batch`: lists of so many; `slice`: so many lists, the first ones longer.
  private func cut(
    _ name: String, _ values: [TemplateValue], _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    let count = try arguments.integer(0, name == "batch" ? "linecount" : "slices") ?? 0
    guard count > 0 else { throw .evaluation("\(name) by \(count)", line: line) }
    try charge(name == "batch" ? values.count : count, line: line)
    let fill = arguments[1, "fill_with"]
    var lists: [TemplateValue] = []
    var rest = values[...]
    let (each, longer) = (values.count / max(count, 1), values.count % max(count, 1))
    while name == "batch" ? !rest.isEmpty : lists.count < count {
      let size = name == "batch" ? count : each &+ (lists.count < longer ? 1 : 0)
      var list = Array(rest.part(from: rest.startIndex, to: rest.startIndex &+ size))
      rest = rest.part(from: rest.startIndex &+ size)
      let isShort = name == "batch" ? list.count < count : longer > 0 && lists.count >= longer
      if let fill, fill != .none, isShort {
        try charge(count &- list.count, line: line)
        let missing = name == "batch" ? count &- list.count : 1
        for _ in stride(from: 0, to: missing, by: 1) { list.append(fill) }
      }
      lists.append(try .list(list, line: line))
    }
    return try .list(lists, kind: .generator, line: line)
  }
}
