import HeddleText

/// Filters. Their text keeps the provenance of what they are given.
extension TemplateEvaluator {
  /// Those that walk what they are given.
  private static let sequenceFilters: Set<String> = [
    "first", "last", "list", "reverse", "join", "map", "select", "reject", "selectattr", "rejectattr", "sort", "unique",
    "min", "max", "sum", "groupby", "batch", "slice",
  ]
  private static let textFilters: Set<String> = [
    "trim", "upper", "lower", "capitalize", "title", "string", "safe", "replace", "indent", "escape", "e",
    "forceescape",
    "wordcount", "truncate", "center", "format", "urlencode",
  ]

  static func isFilter(_ name: String) -> Bool {
    sequenceFilters.contains(name) || textFilters.contains(name) || pageFilters.contains(name)
      || [
        "default", "d", "length", "count", "items", "dictsort", "tojson", "attr", "int", "float", "abs", "round",
      ].contains(name)
  }

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
    case "items":
      guard case .dictionary(let dictionary) = value else {
        if case .undefined = value { return try .list([], kind: .generator, line: line) }
        throw .evaluation("items of \(value.kind)", line: line)
      }
      return try .list(try elements(of: items(of: dictionary, line: line), line: line), kind: .generator, line: line)
    case "dictsort": return try sortedItems(of: value, arguments)
    case "tojson": return .string(try json(value, try JSONStyle(arguments), line: line))
    case "attr": return try attribute(try arguments.requiredString(0, "name").text, of: value, line: line)
    case "int", "float", "abs": return try numeric(name, value, arguments)
    case "round": return try rounded(value, arguments)
    case "random": throw .unsupported("the filter 'random', which gives another result each time,", line: line)
    default:
      if Self.pageFilters.contains(name) { return try pageFilter(name, value, arguments) }
      if Self.sequenceFilters.contains(name) { return try sequenceFilter(name, value, arguments) }
      guard Self.textFilters.contains(name) else { throw .unsupported("the filter '\(name)'", line: line) }
      return try textFilter(name, value, arguments)
    }
  }

  private func length(of value: TemplateValue, line: Int) throws(ChatTemplateError) -> Int {
    switch value {
    case .string(let string): string.count
    case .list(let list) where list.kind != .generator: list.items.count
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
      if let base = try arguments.integer(1, "base"), base != 10 {
        guard (2...36).contains(base) else { throw .evaluation("a number of base \(base)", line: arguments.line) }
        let prefixed = ["0x", "0o", "0b"].contains { text.lowercased().hasPrefix($0) }
        let digits = String(text.unicodeScalars.dropFirst(prefixed ? 2 : 0))
        return Int(digits, radix: base).map { .int($0) } ?? arguments[0, "default"] ?? .int(0)
      }
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

  private func rounded(
    _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    let precision = min(max(try arguments.integer(0, "precision") ?? 0, -300), 300)
    guard let number = value.number else { throw .evaluation("round of \(value.kind)", line: line) }
    func scaled(_ number: Double, _ rule: FloatingPointRoundingRule) -> Double {
      var scale = 1.0
      for _ in 0..<precision.magnitude { scale *= 10 }
      return precision < 0 ? (number / scale).rounded(rule) * scale : (number * scale).rounded(rule) / scale
    }
    switch try arguments.string(1, "method")?.text ?? "common" {
    case "ceil": return .float(scaled(number, .up))
    case "floor": return .float(scaled(number, .down))
    case "common":
      if value.integer != nil, precision >= 0 { return value }
      let result =
        precision < 0 || !number.isFinite
        ? scaled(number, .toNearestOrEven) : Double(TemplateNumberFormat.fixed(number, decimals: precision)) ?? number
      return value.integer == nil ? .float(result) : .int(Int(exactly: result) ?? 0)
    case let method: throw .evaluation("round by the method '\(method)'", line: line)
    }
  }
}
