/// Functions, and the methods of strings and mappings.
extension TemplateEvaluator {
  /// The functions there are. As values they can be asked whether they are defined, which templates do.
  private static let functions: Set<String> = ["raise_exception", "namespace", "dict", "range", "strftime_now"]

  func value(of name: String) -> TemplateValue {
    lookUp(name) ?? (Self.functions.contains(name) ? .function(name) : .undefined(name: name))
  }

  func call(_ callee: TemplateExpression, _ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue {
    switch callee.kind {
    case .variable(let name):
      switch lookUp(name) {
      case nil: return try function(name, arguments)
      case .function(let name)?: return try function(name, arguments)
      case .macro(let number)?: return try callMacro(number, arguments)
      case let other?: throw .evaluation("\(other.kind) cannot be called as '\(name)'", line: arguments.line)
      }
    case .attribute(let base, let name):
      switch try evaluate(base) {
      case .string(let string): return try method(name, of: string, arguments)
      case .dictionary(let dictionary): return try method(name, of: dictionary, arguments)
      case .undefined(let missing):
        throw .evaluation("'\(missing)' is undefined, it has no '\(name)'", line: arguments.line)
      case let other: throw .unsupported("the method '\(name)' of \(other.kind)", line: arguments.line)
      }
    default: throw .unsupported("a call of the result of an expression", line: arguments.line)
    }
  }

  private func function(_ name: String, _ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    switch name {
    case "raise_exception": throw .raised(try text(of: arguments.required(0, "message"), line: line).text)
    case "namespace":
      namespaces.append(arguments.named)
      return .namespace(namespaces.count &- 1)
    case "dict":
      var dictionary = TemplateDictionary()
      for (key, value) in arguments.named.sorted(by: { $0.key < $1.key }) {
        try dictionary.set(TemplateString(key), value, line: line)
      }
      return .dictionary(dictionary)
    case "range": return try range(arguments)
    case "strftime_now":
      let format = try arguments.requiredString(0, "format").text
      return .string(TemplateString(try date.formatted(format, line: line)))
    default: throw .unsupported("the function '\(name)'", line: line)
    }
  }

  private func range(_ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    guard let first = try arguments.integer(0, "start") else {
      throw .evaluation("range without a bound", line: line)
    }
    let second = try arguments.integer(1, "stop")
    let (start, stop) = second.map { (first, $0) } ?? (0, first)
    let step = try arguments.integer(2, "step") ?? 1
    guard step != 0 else { throw .evaluation("range with step 0", line: line) }
    guard max(start.magnitude, stop.magnitude) <= ChatTemplate.Limits.steps.magnitude,
      step.magnitude <= ChatTemplate.Limits.steps.magnitude
    else { throw .limitExceeded("\(ChatTemplate.Limits.steps) steps", line: line) }
    let values = Array(stride(from: start, to: stop, by: step))
    try charge(values.count, line: line)
    return .list(try TemplateList(values.map { .int($0) }, line: line))
  }

  private func method(
    _ name: String, of string: TemplateString, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    try charge(string.count, line: line)
    switch name {
    case "strip": return .string(string.stripped(of: try arguments.string(0, "chars")))
    case "lstrip": return .string(string.stripped(of: try arguments.string(0, "chars"), end: false))
    case "rstrip": return .string(string.stripped(of: try arguments.string(0, "chars"), start: false))
    case "upper": return .string(string.uppercased)
    case "lower": return .string(string.lowercased)
    case "capitalize": return .string(string.capitalized(everyWord: false))
    case "title": return .string(string.capitalized(everyWord: true))
    case "startswith": return .bool(try affixes(arguments).contains { string.hasPrefix($0) })
    case "endswith": return .bool(try affixes(arguments).contains { string.hasSuffix($0) })
    case "removeprefix":
      let prefix = try arguments.requiredString(0, "prefix")
      return .string(string.hasPrefix(prefix) ? string.part(from: prefix.count) : string)
    case "removesuffix":
      let suffix = try arguments.requiredString(0, "suffix")
      return .string(string.hasSuffix(suffix) ? string.part(from: 0, to: string.count &- suffix.count) : string)
    case "find":
      let part = try arguments.requiredString(0, "sub")
      try chargeSearch(string, for: part, line: line)
      return .int(string.firstIndex(of: part) ?? -1)
    case "split": return try split(string, arguments)
    case "replace":
      let (old, new) = (try arguments.requiredString(0, "old"), try arguments.requiredString(1, "new"))
      return .string(try replace(old, with: new, in: string, count: try arguments.integer(2, "count"), line: line))
    case "join":
      return .string(try join(try elements(of: arguments.required(0, "parts"), line: line), by: string, line: line))
    default: throw .unsupported("the string method '\(name)'", line: line)
    }
  }

  private func affixes(_ arguments: TemplateArguments) throws(ChatTemplateError) -> [TemplateString] {
    guard case .list(let list) = try arguments.required(0, "prefix") else {
      return [try arguments.requiredString(0, "prefix")]
    }
    return list.items.compactMap { if case .string(let value) = $0 { value } else { nil } }
  }

  private func split(_ string: TemplateString, _ arguments: TemplateArguments) throws(ChatTemplateError)
    -> TemplateValue
  {
    let limit = try arguments.integer(1, "maxsplit") ?? -1
    let parts: [TemplateString]
    if let separator = try arguments.string(0, "sep") {
      guard !separator.isEmpty else { throw .evaluation("a split by nothing", line: arguments.line) }
      try chargeSearch(string, for: separator, line: arguments.line)
      parts = string.split(by: separator, limit: limit)
    } else {
      parts = string.splitAtSpaces(limit: limit)
    }
    return .list(try TemplateList(parts.map { .string($0) }, line: arguments.line))
  }

  func replace(
    _ old: TemplateString, with new: TemplateString, in string: TemplateString, count: Int?, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    guard !old.isEmpty else { throw .unsupported("replacing nothing", line: line) }
    try chargeSearch(string, for: old, line: line)
    return try join(string.split(by: old, limit: count ?? -1).map { .string($0) }, by: new, line: line)
  }

  func join(
    _ values: [TemplateValue], by separator: TemplateString, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    var parts: [TemplateString] = []
    for value in values {
      let part = try text(of: value, line: line)
      try charge(part.count &+ separator.count, line: line)
      parts.append(part)
    }
    return separator.joining(parts)
  }

  private func method(
    _ name: String, of dictionary: TemplateDictionary, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    try charge(dictionary.entries.count, line: line)
    switch name {
    case "get":
      guard case .string(let key) = try arguments.required(0, "key") else { return .none }
      return dictionary[key.text] ?? arguments[1, "default"] ?? .none
    case "keys": return .list(try TemplateList(dictionary.entries.map { .string($0.key) }, line: line))
    case "values": return .list(try TemplateList(dictionary.entries.map(\.value), line: line))
    case "items": return try items(of: dictionary, line: line)
    default: throw .unsupported("the method '\(name)' of a mapping", line: line)
    }
  }

  func items(of dictionary: TemplateDictionary, line: Int) throws(ChatTemplateError) -> TemplateValue {
    var pairs: [TemplateValue] = []
    for (key, value) in dictionary.entries {
      pairs.append(.list(try TemplateList([.string(key), value], line: line)))
    }
    return .list(try TemplateList(pairs, line: line))
  }
}
