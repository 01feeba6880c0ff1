import HeddleText

/// Macros: parts of a template that are called like functions and give their text.
extension TemplateEvaluator {
  /// A macro as a value, which sees the scopes that are open now.
  func defined(_ macro: TemplateNode.Macro) -> TemplateValue {
    macros.append(DefinedMacro(macro: macro, scopes: Array(frames.dropFirst())))
    return .macro(macros.count &- 1)
  }

  /// The text of a macro's body. It sees its parameters and what surrounds its definition, not its caller's variables.
  func callMacro(_ number: Int, _ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    guard let (macro, scopes) = macros[at: number].map({ ($0.macro, $0.scopes) }) else {
      throw .evaluation("a macro that is not there", line: line)
    }
    try check(arguments, of: macro)
    let outer = frames
    frames = Array(outer.part(from: 0, to: 1)) + scopes + [[:]]
    defer { frames = outer }
    for (place, parameter) in macro.parameters.enumerated() {
      if let value = arguments[place, parameter.name] {
        set(parameter.name, value)
      } else if let fallback = parameter.fallback {
        set(parameter.name, try evaluate(fallback))
      } else {
        set(parameter.name, .undefined(name: parameter.name))
      }
    }
    if let caller = arguments.named["caller"] { set("caller", caller) }
    if macro.takesMore {
      let rest = Array(arguments.positional.part(from: macro.parameters.count))
      set("varargs", try .list(rest, kind: .tuple, line: line))
    }
    if macro.takesMoreNamed {
      var rest = TemplateDictionary()
      for (key, value) in arguments.named.entries where !Self.isTaken(key, by: macro) {
        try rest.set(key, value, line: line)
      }
      set("kwargs", .dictionary(rest))
    }
    return .string(try captured(macro.body).text)
  }

  private static func isTaken(_ key: TemplateValue, by macro: TemplateNode.Macro) -> Bool {
    key == .text("caller") || macro.parameters.contains { key == .text($0.name) }
  }

  private func check(_ arguments: TemplateArguments, of macro: TemplateNode.Macro) throws(ChatTemplateError) {
    guard arguments.positional.count <= macro.parameters.count || macro.takesMore else {
      throw .evaluation(
        "the macro '\(macro.name)' takes \(macro.parameters.count) arguments, it is given \(arguments.positional.count)",
        line: arguments.line)
    }
    let unknown = arguments.named.entries.first { !Self.isTaken($0.key, by: macro) }
    if let unknown, !macro.takesMoreNamed, case .string(let name) = unknown.key {
      throw .evaluation("the macro '\(macro.name)' has no parameter '\(name.text)'", line: arguments.line)
    }
  }

  /// The text of a `{% call %}`: of the call, whose macro may call the body as `caller()`.
  func callBlock(
    _ body: TemplateNode.Macro, _ call: TemplateExpression
  ) throws(ChatTemplateError) -> TemplateString {
    guard case .call(let callee, let given) = call.kind else { return TemplateString() }
    var arguments = try evaluate(given, line: call.line)
    try arguments.named.set(TemplateString("caller"), defined(body), line: call.line)
    return try text(of: try self.call(callee, arguments), line: call.line)
  }
}
