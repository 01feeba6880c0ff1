/// What may follow a primary expression: `.name`, `[item]`, `(arguments)`, `|filter`, `is test`.
extension TemplateParser {
  mutating func postfix(
    _ base: TemplateExpression, takesFilters: Bool
  ) throws(ChatTemplateError) -> TemplateExpression {
    var result = base
    while true {
      let line = current.line
      switch current.kind {
      case .symbol("."):
        advance()
        if case .integer(let index) = current.kind {
          advance()
          result = try TemplateExpression(
            .item(result, try TemplateExpression(.literal(.int(index)), line: line)), line: line)
        } else {
          result = try TemplateExpression(.attribute(result, try name()), line: line)
        }
      case .symbol("["):
        advance()
        result = try item(of: result, line: line)
      case .symbol("("):
        advance()
        result = try TemplateExpression(.call(result, try arguments()), line: line)
      case .symbol("|") where takesFilters:
        advance()
        let filter = try name()
        let arguments = accept(.symbol("(")) ? try self.arguments() : .init()
        result = try TemplateExpression(.filter(result, filter, arguments), line: line)
      case .name("is") where takesFilters:
        advance()
        result = try test(of: result, line: line)
      default: return result
      }
    }
  }

  private mutating func item(
    of base: TemplateExpression, line: Int
  ) throws(ChatTemplateError) -> TemplateExpression {
    // Those before the one that is read.
    var parts: [TemplateExpression?] = []
    var last: TemplateExpression?
    while !accept(.symbol("]")) {
      if accept(.symbol(":")) {
        parts.append(last)
        last = nil
      } else {
        guard case nil = last else { throw unexpected("']'") }
        last = try expression()
      }
    }
    guard let start = parts.first else {
      guard let last else { throw .syntax("an item without an index", line: line) }
      return try TemplateExpression(.item(base, last), line: line)
    }
    guard parts.count < 3 else { throw .syntax("a slice of more than three parts", line: line) }
    let stop = parts.count == 1 ? last : parts.last ?? nil
    let step = parts.count == 1 ? nil : last
    return try TemplateExpression(.slice(base, start: start, stop: stop, step: step), line: line)
  }

  /// One filter and those after it, applied to `base`: `trim|upper`.
  mutating func filters(on base: TemplateExpression) throws(ChatTemplateError) -> TemplateExpression {
    var result = base
    repeat {
      let line = current.line
      let filter = try name()
      let arguments = accept(.symbol("(")) ? try self.arguments() : .init()
      result = try TemplateExpression(.filter(result, filter, arguments), line: line)
    } while accept(.symbol("|"))
    return result
  }

  /// Arguments up to the closing bracket.
  mutating func arguments() throws(ChatTemplateError) -> TemplateExpression.Arguments {
    var arguments = TemplateExpression.Arguments()
    while !accept(.symbol(")")) {
      if current.kind == .symbol("*"), arguments.spread == nil {
        advance()
        arguments.spread = try expression()
      } else if current.kind == .symbol("**"), arguments.spreadNamed == nil {
        advance()
        arguments.spreadNamed = try expression()
      } else if case .name(let name) = current.kind, next.kind == .symbol("=") {
        advance()
        advance()
        arguments.names.append(name)
        arguments.named.append(try expression())
      } else {
        arguments.positional.append(try expression())
      }
      if !accept(.symbol(",")) {
        try expect(.symbol(")"))
        break
      }
    }
    return arguments
  }

  /// A test may take one argument without brackets: `is divisibleby 3`.
  private mutating func test(
    of base: TemplateExpression, line: Int
  ) throws(ChatTemplateError) -> TemplateExpression {
    let isNegated = accept(.name("not"))
    let name = try self.name()
    var arguments = TemplateExpression.Arguments()
    if accept(.symbol("(")) {
      arguments = try self.arguments()
    } else if beginsArgument {
      arguments.positional = [
        try nested { parser throws(ChatTemplateError) in
          try parser.postfix(try parser.primary(), takesFilters: false)
        }
      ]
    }
    let test = try TemplateExpression(.test(base, name, arguments), line: line)
    return isNegated ? try TemplateExpression(.not(test), line: line) : test
  }

  private var beginsArgument: Bool {
    switch current.kind {
    case .name(let name): !["else", "or", "and", "if", "is", "in", "not", "recursive"].contains(name)
    case .string, .integer, .float, .symbol("["), .symbol("{"): true
    default: false
    }
  }
}
