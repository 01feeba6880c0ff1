extension TemplateEvaluator {
  /// `value is name(arguments)`
  func test(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> Bool {
    let line = arguments.line
    let comparisons = [
      "eq": "==", "equalto": "==", "==": "==", "ne": "!=", "!=": "!=", "lt": "<", "lessthan": "<", "<": "<", "le": "<=",
      "<=": "<=", "gt": ">", "greaterthan": ">", ">": ">", "ge": ">=", ">=": ">=", "in": "in",
    ]
    if let comparison = comparisons[name] {
      return try holds(comparison, value, arguments.required(0, "other"), line: line)
    }
    switch (name, value) {
    case ("filter", .string(let name)): return Self.isFilter(name.text)
    case ("test", .string(let name)): return Self.tests.contains(name.text) || comparisons[name.text] != nil
    case ("lower", _), ("upper", _):
      let text = try text(of: value, line: line)
      return text.answer("is\(name)") == true
    case ("sameas", _): return Self.isSame(value, try arguments.required(0, "other"))
    case ("sequence", .list(let list)) where list.kind == .generator: return false
    case ("escaped", _): return false
    case ("defined", .undefined),
      ("undefined", _) where value.isDefined:
      return false
    case ("defined", _), ("undefined", _): return true
    case ("callable", .macro), ("callable", .function), ("callable", .counter), ("none", .none), ("boolean", .bool),
      ("integer", .int),
      ("float", .float), ("number", .int),
      ("number", .float), ("number", .bool), ("string", .string), ("mapping", .dictionary), ("true", .bool(true)),
      ("false", .bool(false)):
      return true
    case ("sequence", .string), ("sequence", .list), ("sequence", .dictionary), ("iterable", .string),
      ("iterable", .list), ("iterable", .dictionary), ("sequence", .undefined), ("iterable", .undefined):
      return true
    case ("odd", _), ("even", _), ("divisibleby", _):
      guard let number = value.integer else { throw .evaluation("\(name) of \(value.kind)", line: line) }
      let divisor = name == "divisibleby" ? try arguments.integer(0, "num") ?? 0 : 2
      guard divisor != 0 else { throw .evaluation("a division by zero", line: line) }
      return (number.remainderReportingOverflow(dividingBy: divisor).partialValue == 0) == (name != "odd")
    case ("filter", _), ("test", _), ("none", _), ("boolean", _), ("integer", _), ("float", _), ("number", _),
      ("string", _), ("mapping", _),
      ("true", _), ("false", _), ("sequence", _), ("iterable", _), ("callable", _):
      return false
    default: throw .unsupported("the test '\(name)'", line: line)
    }
  }

  private static let tests: Set<String> = [
    "filter", "test", "lower", "upper", "sameas", "escaped", "defined", "undefined", "callable", "none", "boolean",
    "integer", "float", "number", "string", "mapping", "true", "false", "sequence", "iterable", "odd", "even",
    "divisibleby",
  ]

  /// Python's `is`, of what a template can hold twice: none, booleans and equal values of one type.
  private static func isSame(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
    left == right && left.kind == right.kind
  }
}

extension TemplateValue {
  var isDefined: Bool { if case .undefined = self { false } else { true } }
}
