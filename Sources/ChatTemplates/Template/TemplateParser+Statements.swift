extension TemplateParser {
  // Traps: never (template-depth).
  /// One statement, from after its `{%` to after its end. `{% generation %}` marks its body, whose names are its own.
  mutating func statement() throws(ChatTemplateError) -> [TemplateNode] {
    let line = current.line
    let keyword = try name()
    switch keyword {
    case "if": return [try choice()]
    case "for": return [try loop()]
    case "set": return try assignment()
    case "macro": return [try macro()]
    case "filter": return try filterBlock()
    case "with": return [try with()]
    case "call": return [try callBlock()]
    case "break", "continue":
      try expect(.statementEnd)
      return [keyword == "break" ? .breakLoop : .continueLoop]
    case "generation":
      try expect(.statementEnd)
      let nodes = try body(until: ["endgeneration"])
      try end()
      return [.scope([], nodes)]
    case "else", "elif", "endif", "endfor", "endset", "endgeneration", "endmacro", "endfilter", "endwith", "endcall",
      "endraw":
      throw .syntax("unexpected {% \(keyword) %}", line: line)
    case "include", "import", "from", "extends", "block":
      throw .unsupported("{% \(keyword) %}, which puts a template together of several,", line: line)
    default: throw .unsupported("{% \(keyword) %}", line: line)
    }
  }

  /// The closing keyword that is current, and the end of its tag.
  private mutating func end() throws(ChatTemplateError) {
    advance()
    try expect(.statementEnd)
  }

  private mutating func choice() throws(ChatTemplateError) -> TemplateNode {
    var branches: [TemplateNode.Branch] = []
    repeat {
      let condition = try expression()
      try expect(.statementEnd)
      branches.append(.init(condition: condition, body: try body(until: ["elif", "else", "endif"])))
    } while accept(.name("elif"))
    var otherwise: [TemplateNode] = []
    if current.kind == .name("else") {
      try end()
      otherwise = try body(until: ["endif"])
    }
    try end()
    return .choice(branches, otherwise: otherwise)
  }

  private mutating func loop() throws(ChatTemplateError) -> TemplateNode {
    let targets = try self.targets()
    try expect(.name("in"))
    var sequence = try binary(above: 0)
    if current.kind == .symbol(",") {
      var items = [sequence]
      while accept(.symbol(",")) { items.append(try binary(above: 0)) }
      sequence = try TemplateExpression(.tuple(items), line: sequence.line)
    }
    let filter = accept(.name("if")) ? try expression() : nil
    let isRecursive = accept(.name("recursive"))
    try expect(.statementEnd)
    let nodes = try body(until: ["else", "endfor"])
    var otherwise: [TemplateNode] = []
    if current.kind == .name("else") {
      try end()
      otherwise = try body(until: ["endfor"])
    }
    try end()
    return .loop(
      .init(
        targets: targets, sequence: sequence, filter: filter, body: nodes, otherwise: otherwise,
        isRecursive: isRecursive))
  }

  private mutating func assignment() throws(ChatTemplateError) -> [TemplateNode] {
    let targets = try self.targets()
    guard let target = targets.first, targets.count == 1 else {
      try expect(.symbol("="))
      return [.set(targets: targets, try finalExpression())]
    }
    if accept(.symbol(".")) {
      let attribute = try name()
      try expect(.symbol("="))
      return [.setAttribute(of: target, name: attribute, try finalExpression())]
    }
    if accept(.symbol("=")) { return [.set(targets: targets, try finalExpression())] }
    let written = try TemplateExpression(.variable(target), line: current.line)
    let filtered = accept(.symbol("|")) ? try filters(on: written) : nil
    try expect(.statementEnd)
    let nodes = try body(until: ["endset"])
    try end()
    return [.capture(name: target, nodes)] + (filtered.map { [.set(targets: [target], $0)] } ?? [])
  }

  /// `{% filter upper|trim %}…{% endfilter %}`: the body is captured under a name that no template can spell.
  private mutating func filterBlock() throws(ChatTemplateError) -> [TemplateNode] {
    let hidden = "{% filter %}"
    let filtered = try filters(on: try TemplateExpression(.variable(hidden), line: current.line))
    try expect(.statementEnd)
    let nodes = try body(until: ["endfilter"])
    try end()
    return [.capture(name: hidden, nodes), .output(filtered)]
  }

  private mutating func with() throws(ChatTemplateError) -> TemplateNode {
    var bindings: [TemplateNode.Binding] = []
    while current.kind != .statementEnd {
      if !bindings.isEmpty { try expect(.symbol(",")) }
      let name = try name()
      try expect(.symbol("="))
      bindings.append(.init(name: name, value: try expression()))
    }
    try expect(.statementEnd)
    let nodes = try body(until: ["endwith"])
    try end()
    return .scope(bindings, nodes)
  }

  /// `{% call(item) each(list) %}<{{ item }}>{% endcall %}`
  private mutating func callBlock() throws(ChatTemplateError) -> TemplateNode {
    let parameters = accept(.symbol("(")) ? try self.parameters() : []
    let call = try expression()
    guard case .call = call.kind else { throw .syntax("{% call %} without a call", line: call.line) }
    return .call(try macro(named: "caller", parameters, end: "endcall"), call)
  }

  private mutating func macro() throws(ChatTemplateError) -> TemplateNode {
    let name = try name()
    try expect(.symbol("("))
    return .macro(try macro(named: name, try parameters(), end: "endmacro"))
  }

  /// The body of a macro, after its parameters.
  private mutating func macro(
    named name: String, _ parameters: [TemplateNode.Macro.Parameter], end: String
  ) throws(ChatTemplateError) -> TemplateNode.Macro {
    try expect(.statementEnd)
    let start = position
    let nodes = try body(until: [end])
    let macro = TemplateNode.Macro(
      name: name, parameters: parameters, body: nodes, takesMore: hasRead("varargs", since: start),
      takesMoreNamed: hasRead("kwargs", since: start))
    try self.end()
    return macro
  }

  /// The parameters of a macro, after the opening bracket.
  private mutating func parameters() throws(ChatTemplateError) -> [TemplateNode.Macro.Parameter] {
    var parameters: [TemplateNode.Macro.Parameter] = []
    while !accept(.symbol(")")) {
      let parameter = try self.name()
      parameters.append(.init(name: parameter, fallback: accept(.symbol("=")) ? try expression() : nil))
      if !accept(.symbol(",")) {
        try expect(.symbol(")"))
        break
      }
    }
    return parameters
  }

  /// The last expression of a statement.
  private mutating func finalExpression() throws(ChatTemplateError) -> TemplateExpression {
    let value = try tuple()
    try expect(.statementEnd)
    return value
  }

  private mutating func targets() throws(ChatTemplateError) -> [String] {
    let isBracketed = accept(.symbol("("))
    var targets = [try name()]
    while accept(.symbol(",")) { targets.append(try name()) }
    if isBracketed { try expect(.symbol(")")) }
    return targets
  }
}
