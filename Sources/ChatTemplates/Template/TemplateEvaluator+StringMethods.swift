import HeddleText

/// The methods of strings.
extension TemplateEvaluator {
  static let stringMethods: Set<String> = [
    "strip", "lstrip", "rstrip", "upper", "lower", "capitalize", "title", "swapcase", "casefold", "startswith",
    "endswith", "removeprefix", "removesuffix", "find", "rfind", "index", "rindex", "count", "split", "rsplit",
    "splitlines", "partition", "rpartition", "replace", "join", "format", "center", "ljust", "rjust", "zfill",
    "isdigit", "isdecimal", "isnumeric", "isalpha", "isalnum", "isspace", "isupper", "islower", "isascii",
  ]

  func method(
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
    case "startswith":
      let rest = string.part(from: max(try arguments.integer(1, "start") ?? 0, 0))
      return .bool(try affixes(arguments).contains { rest.hasPrefix($0) })
    case "endswith": return .bool(try affixes(arguments).contains { string.hasSuffix($0) })
    case "removeprefix":
      let prefix = try arguments.requiredString(0, "prefix")
      return .string(string.hasPrefix(prefix) ? string.part(from: prefix.count) : string)
    case "removesuffix":
      let suffix = try arguments.requiredString(0, "suffix")
      return .string(string.hasSuffix(suffix) ? string.part(from: 0, to: string.count &- suffix.count) : string)
    case "swapcase": return .string(string.swappingCase)
    case "casefold": return .string(string.lowercased)
    case "find", "index", "rfind", "rindex", "count": return try search(name, string, arguments)
    case "split", "rsplit": return try split(string, arguments, fromEnd: name == "rsplit")
    case "splitlines":
      let keepsEnds = arguments[0, "keepends"]?.isTrue == true
      return try .list(string.lines(keepingEnds: keepsEnds).map { .string($0) }, line: line)
    case "partition", "rpartition": return try partition(string, arguments, fromEnd: name == "rpartition")
    case "format": return .string(try formatted(string, arguments))
    case "center", "ljust", "rjust", "zfill": return .string(try justified(name, string, arguments))
    case "replace":
      let (old, new) = (try arguments.requiredString(0, "old"), try arguments.requiredString(1, "new"))
      return .string(try replace(old, with: new, in: string, count: try arguments.integer(2, "count"), line: line))
    case "join":
      return .string(try join(try elements(of: arguments.required(0, "parts"), line: line), by: string, line: line))
    default:
      if let answer = string.answer(name) { return .bool(answer) }
      throw .unsupported("the string method '\(name)'", line: line)
    }
  }

  private func affixes(_ arguments: TemplateArguments) throws(ChatTemplateError) -> [TemplateString] {
    guard case .list(let list) = try arguments.required(0, "prefix") else {
      return [try arguments.requiredString(0, "prefix")]
    }
    return list.items.compactMap { if case .string(let value) = $0 { value } else { nil } }
  }

  private func split(
    _ string: TemplateString, _ arguments: TemplateArguments, fromEnd: Bool
  ) throws(ChatTemplateError) -> TemplateValue {
    let limit = try arguments.integer(1, "maxsplit") ?? -1
    var parts: [TemplateString]
    if let separator = try arguments.string(0, "sep") {
      guard !separator.isEmpty else { throw .evaluation("a split by nothing", line: arguments.line) }
      try chargeSearch(string, for: separator, line: arguments.line)
      parts =
        fromEnd
        ? string.reversed.split(by: separator.reversed, limit: limit) : string.split(by: separator, limit: limit)
    } else {
      parts = fromEnd ? string.reversed.splitAtSpaces(limit: limit) : string.splitAtSpaces(limit: limit)
    }
    if fromEnd { parts = parts.reversed().map(\.reversed) }
    return try .list(parts.map { .string($0) }, line: arguments.line)
  }

  private func search(
    _ name: String, _ string: TemplateString, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let part = try arguments.requiredString(0, "sub")
    try chargeSearch(string, for: part, line: arguments.line)
    if name == "count" {
      return .int(part.isEmpty ? string.count &+ 1 : string.split(by: part, limit: -1).count &- 1)
    }
    let found: Int?
    if name.hasPrefix("r") {
      found = string.reversed.firstIndex(of: part.reversed).map { string.count &- part.count &- $0 }
    } else {
      found = string.firstIndex(of: part, from: try arguments.integer(1, "start") ?? 0)
    }
    guard let found else {
      guard name.hasSuffix("index") else { return .int(-1) }
      throw .evaluation("a text that does not contain what it is searched for", line: arguments.line)
    }
    return .int(found)
  }

  private func partition(
    _ string: TemplateString, _ arguments: TemplateArguments, fromEnd: Bool
  ) throws(ChatTemplateError) -> TemplateValue {
    let separator = try arguments.requiredString(0, "sep")
    guard !separator.isEmpty else { throw .evaluation("a split by nothing", line: arguments.line) }
    try chargeSearch(string, for: separator, line: arguments.line)
    let place =
      fromEnd
      ? string.reversed.firstIndex(of: separator.reversed).map { string.count &- separator.count &- $0 }
      : string.firstIndex(of: separator)
    let nothing = TemplateString()
    guard let place else {
      let parts = fromEnd ? [nothing, nothing, string] : [string, nothing, nothing]
      return try .list(parts.map { .string($0) }, kind: .tuple, line: arguments.line)
    }
    let parts = [string.part(from: 0, to: place), separator, string.part(from: place &+ separator.count)]
    return try .list(parts.map { .string($0) }, kind: .tuple, line: arguments.line)
  }

  /// Fills up to a width; `center` has the smaller half before the text, or after it where the width is odd.
  func justified(
    _ name: String, _ string: TemplateString, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateString {
    let width = try arguments.integer(0, "width") ?? 80
    let fill = name == "zfill" ? TemplateString("0") : try arguments.string(1, "fillchar") ?? TemplateString(" ")
    let missing = max(width &- string.count, 0)
    try charge(missing, line: arguments.line)
    switch name {
    case "ljust": return string.padded(before: 0, after: missing, with: fill)
    case "rjust": return string.padded(before: missing, after: 0, with: fill)
    case "zfill":
      let sign = string.scalars.first == "-" || string.scalars.first == "+" ? 1 : 0
      let digits = string.part(from: sign).padded(before: missing, after: 0, with: fill)
      return TemplateString().joining([string.part(from: 0, to: sign), digits])
    default:
      let before = missing / 2 &+ (missing & width & 1)
      return string.padded(before: before, after: missing &- before, with: fill)
    }
  }

  func replace(
    _ old: TemplateString, with new: TemplateString, in string: TemplateString, count: Int?, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    guard !old.isEmpty else {
      let letters = try elements(of: .string(string), line: line)
      let places = count.map { $0 < 0 ? letters.count &+ 1 : $0 } ?? letters.count &+ 1
      var parts: [TemplateValue] = []
      for (index, letter) in letters.enumerated() { parts += index < places ? [.string(new), letter] : [letter] }
      if places > letters.count { parts.append(.string(new)) }
      return try join(parts, by: TemplateString(), line: line)
    }
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
}
