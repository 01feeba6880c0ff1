/// Filters. Their text keeps the provenance of what they are given.
extension TemplateEvaluator {
  // Traps: never (value-depth).
  func filter(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    switch name {
    case "default", "d":
      let isMissing =
        if case .undefined = value { true } else { arguments[1, "boolean"]?.isTrue == true && !value.isTrue }
      return isMissing ? arguments[0, "default_value"] ?? .string(TemplateString()) : value
    case "length", "count": return .int(try length(of: value, line: line))
    case "first", "last":
      let items = try elements(of: value, line: line)
      return (name == "first" ? items.first : items.last) ?? .undefined(name: name)
    case "list": return .list(try TemplateList(try elements(of: value, line: line), line: line))
    case "reverse":
      let reversed = Array(try elements(of: value, line: line).reversed())
      guard case .string = value else { return .list(try TemplateList(reversed, line: line)) }
      return .string(try join(reversed, by: TemplateString(), line: line))
    case "items":
      guard case .dictionary(let dictionary) = value else { return .list(try TemplateList([], line: line)) }
      return try items(of: dictionary, line: line)
    case "join":
      let separator = try arguments.string(0, "d") ?? TemplateString()
      var parts = try elements(of: value, line: line)
      if let attribute = try arguments.string(1, "attribute") {
        parts = try attributes(attribute.text, of: parts, line: line)
      }
      return .string(try join(parts, by: separator, line: line))
    case "tojson": return .string(try json(value, indent: try arguments.integer(0, "indent"), line: line))
    case "int", "float", "abs": return try numeric(name, value, arguments)
    case "map", "select", "reject", "selectattr", "rejectattr": return try sequence(name, value, arguments)
    default: return .string(try textFilter(name, value, arguments))
    }
  }

  private func length(of value: TemplateValue, line: Int) throws(ChatTemplateError) -> Int {
    switch value {
    case .string(let string): string.count
    case .list(let list): list.items.count
    case .dictionary(let dictionary): dictionary.entries.count
    case .undefined: 0
    default: throw .evaluation("\(value.kind) has no length", line: line)
    }
  }

  private func numeric(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    switch (name, value) {
    case ("abs", .int(let number)):
      guard number != .min else { throw .evaluation("|\(number)| does not fit 64 bits", line: arguments.line) }
      return .int(Swift.abs(number))
    case ("abs", .float(let number)): return .float(Swift.abs(number))
    case ("abs", _): throw .evaluation("abs of \(value.kind)", line: arguments.line)
    case ("int", .string(let string)):
      let text = string.stripped(of: nil).text
      return (Int(text) ?? Double(text).flatMap { Int(exactly: $0.rounded(.towardZero)) }).map { .int($0) }
        ?? arguments[0, "default"] ?? .int(0)
    case ("int", _):
      let number = value.integer ?? value.number.flatMap { Int(exactly: $0.rounded(.towardZero)) }
      return number.map { .int($0) } ?? arguments[0, "default"] ?? .int(0)
    case (_, .string(let string)):
      return Double(string.stripped(of: nil).text).map { .float($0) } ?? arguments[0, "default"] ?? .float(0)
    default: return value.number.map { .float($0) } ?? arguments[0, "default"] ?? .float(0)
    }
  }

  private func attributes(
    _ name: String, of values: [TemplateValue], line: Int
  ) throws(ChatTemplateError) -> [TemplateValue] {
    guard !name.contains(".") else { throw .unsupported("the path of attributes '\(name)'", line: line) }
    var result: [TemplateValue] = []
    for value in values { result.append(try attribute(name, of: value, line: line)) }
    return result
  }

  private func sequence(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    let values = try elements(of: value, line: line)
    try charge(values.count, line: line)
    var rest = arguments
    if name == "map" {
      if let attribute = try arguments.string(.max, "attribute") {
        return .list(try TemplateList(try attributes(attribute.text, of: values, line: line), line: line))
      }
      let inner = try arguments.requiredString(0, "filter").text
      rest.positional = Array(rest.positional.dropFirst())
      // `map("map", …)` goes on into what it is given, and the characters of a string are strings.
      try mapDepth.spend(line: line)
      defer { mapDepth.giveBack() }
      var result: [TemplateValue] = []
      for value in values { result.append(try filter(inner, value, rest)) }
      return .list(try TemplateList(result, line: line))
    }
    var subjects = values
    if name.hasSuffix("attr") {
      subjects = try attributes(try arguments.requiredString(0, "attribute").text, of: values, line: line)
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
    return .list(try TemplateList(kept, line: line))
  }

  private func textFilter(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateString {
    let line = arguments.line
    let string = try text(of: value, line: line)
    try charge(string.count, line: line)
    switch name {
    case "trim": return string.stripped(of: try arguments.string(0, "chars"))
    case "upper": return string.uppercased
    case "lower": return string.lowercased
    case "capitalize": return string.capitalized(everyWord: false)
    case "title": return string.capitalized(everyWord: true)
    case "string", "safe": return string
    case "replace":
      let (old, new) = (try arguments.requiredString(0, "old"), try arguments.requiredString(1, "new"))
      return try replace(old, with: new, in: string, count: try arguments.integer(2, "count"), line: line)
    case "indent":
      let width = min(max(try arguments.integer(0, "width") ?? 4, 0), 256)
      let lines = string.split(by: TemplateString("\n"), limit: -1)
      let spaces = TemplateString(TemplateString.repeated(" ", width))
      let indentsFirst = arguments[1, "first"]?.isTrue == true
      var result: [TemplateValue] = []
      for (index, part) in lines.enumerated() {
        let isIndented = index == 0 ? indentsFirst : !part.isEmpty || arguments[2, "blank"]?.isTrue == true
        result.append(.string(isIndented ? TemplateString().joining([spaces, part]) : part))
      }
      return try join(result, by: TemplateString("\n"), line: line)
    default: throw .unsupported("the filter '\(name)'", line: line)
    }
  }
}
