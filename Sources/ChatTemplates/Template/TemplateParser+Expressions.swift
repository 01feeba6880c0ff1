/// Jinja's expressions, loosest first: `a if b else c`, or, and, not, comparisons, + -, ~, * / // %, **, unary signs,
/// then attributes, items, calls, filters and tests.
extension TemplateParser {
  // Traps: never (template-depth).
  mutating func expression() throws(ChatTemplateError) -> TemplateExpression {
    try nested { parser throws(ChatTemplateError) in
      var result = try parser.binary(above: 0)
      while parser.current.kind == .name("if") {
        let line = parser.current.line
        parser.advance()
        let condition = try parser.binary(above: 0)
        let otherwise = parser.accept(.name("else")) ? try parser.expression() : nil
        result = try TemplateExpression(.conditional(condition, then: result, otherwise: otherwise), line: line)
      }
      return result
    }
  }

  /// An expression, or a tuple of those that commas stand between.
  mutating func tuple() throws(ChatTemplateError) -> TemplateExpression {
    let line = current.line
    let first = try expression()
    guard current.kind == .symbol(",") else { return first }
    var items = [first]
    while accept(.symbol(",")), ![.statementEnd, .outputEnd].contains(current.kind) { items.append(try expression()) }
    return try TemplateExpression(.tuple(items), line: line)
  }

  private static let comparisons = ["==", "!=", "<", "<=", ">", ">="]
  private static func level(of spelling: String) -> Int? {
    switch spelling {
    case "or": 1
    case "and": 2
    case "+", "-": 5
    case "~": 6
    case "*", "/", "//", "%": 7
    case "**": 8
    default: nil
    }
  }
  private static let comparisonLevel = 4

  /// Binary operators that bind tighter than `level`.
  mutating func binary(above level: Int) throws(ChatTemplateError) -> TemplateExpression {
    var left = level < 3 && current.kind == .name("not") ? try negation() : try unary()
    while true {
      let line = current.line
      let comparison = level < Self.comparisonLevel ? comparisonOperator() : nil
      if let comparison {
        left = try comparisons(left, first: comparison)
        continue
      }
      let spelling: String
      switch current.kind {
      case .name(let name): spelling = name
      case .symbol(let symbol): spelling = symbol
      default: return left
      }
      guard let found = Self.level(of: spelling), found > level else { return left }
      advance()
      left = try TemplateExpression(.binary(spelling, left, try binary(above: found)), line: line)
    }
  }

  private mutating func negation() throws(ChatTemplateError) -> TemplateExpression {
    let line = current.line
    advance()
    let operand = try nested { parser throws(ChatTemplateError) in try parser.binary(above: 2) }
    return try TemplateExpression(.not(operand), line: line)
  }

  private func comparisonOperator() -> String? {
    switch current.kind {
    case .symbol(let symbol) where Self.comparisons.contains(symbol): symbol
    case .name("in"): "in"
    case .name("not") where next.kind == .name("in"): "not in"
    default: nil
    }
  }

  private mutating func comparisons(
    _ left: TemplateExpression, first: String
  ) throws(ChatTemplateError) -> TemplateExpression {
    let line = current.line
    var operators: [String] = []
    var operands: [TemplateExpression] = []
    while let comparison = comparisonOperator() {
      advance()
      if comparison == "not in" { advance() }
      operators.append(comparison)
      operands.append(try binary(above: Self.comparisonLevel))
    }
    return try TemplateExpression(.comparison(left, operators: operators, operands), line: line)
  }

  /// Filters and tests apply to the signed value: `-3|abs` is 3.
  private mutating func unary(takesFilters: Bool = true) throws(ChatTemplateError) -> TemplateExpression {
    let line = current.line
    let sign = current.kind
    guard sign == .symbol("-") || sign == .symbol("+") else {
      return try postfix(try primary(), takesFilters: takesFilters)
    }
    advance()
    let operand = try nested { parser throws(ChatTemplateError) in try parser.unary(takesFilters: false) }
    let signed = sign == .symbol("-") ? try TemplateExpression(.negative(operand), line: line) : operand
    return try postfix(signed, takesFilters: takesFilters)
  }

  mutating func primary() throws(ChatTemplateError) -> TemplateExpression {
    let token = current
    advance()
    func literal(_ value: TemplateValue) throws(ChatTemplateError) -> TemplateExpression {
      try TemplateExpression(.literal(value), line: token.line)
    }
    switch token.kind {
    case .name("true"), .name("True"): return try literal(.bool(true))
    case .name("false"), .name("False"): return try literal(.bool(false))
    case .name("none"), .name("None"): return try literal(.none)
    case .name(let name): return try TemplateExpression(.variable(name), line: token.line)
    case .integer(let value): return try literal(.int(value))
    case .float(let value): return try literal(.float(value))
    case .string(var value):
      // Neighbouring strings are one.
      while case .string(let more) = current.kind {
        value += more
        advance()
      }
      return try literal(.string(TemplateString(value)))
    case .symbol("["):
      let items = try self.items(until: "]")
      return try TemplateExpression(.list(items), line: token.line)
    case .symbol("("): return try bracketed(line: token.line)
    case .symbol("{"): return try dictionary(line: token.line)
    default: throw .syntax("unexpected \(token.spelling), expected an expression", line: token.line)
    }
  }

  private mutating func items(until close: String) throws(ChatTemplateError) -> [TemplateExpression] {
    var items: [TemplateExpression] = []
    while !accept(.symbol(close)) {
      items.append(try expression())
      if !accept(.symbol(",")) {
        try expect(.symbol(close))
        break
      }
    }
    return items
  }

  /// An expression in brackets, or a tuple.
  private mutating func bracketed(line: Int) throws(ChatTemplateError) -> TemplateExpression {
    if accept(.symbol(")")) { return try TemplateExpression(.tuple([]), line: line) }
    let first = try expression()
    guard accept(.symbol(",")) else {
      try expect(.symbol(")"))
      return first
    }
    return try TemplateExpression(.tuple([first] + (try items(until: ")"))), line: line)
  }

  private mutating func dictionary(line: Int) throws(ChatTemplateError) -> TemplateExpression {
    var keys: [TemplateExpression] = []
    var values: [TemplateExpression] = []
    while !accept(.symbol("}")) {
      keys.append(try expression())
      try expect(.symbol(":"))
      values.append(try expression())
      if !accept(.symbol(",")) {
        try expect(.symbol("}"))
        break
      }
    }
    return try TemplateExpression(.dictionary(keys, values: values), line: line)
  }
}
