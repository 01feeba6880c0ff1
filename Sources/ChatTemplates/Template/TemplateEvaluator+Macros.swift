/// Macros: parts of a template that are called like functions and give their text.
extension TemplateEvaluator {
  /// The text of a macro's body. It sees its parameters and the template's own variables, not its caller's.
  func callMacro(_ number: Int, _ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    guard let macro = macros[at: number] else { throw .evaluation("a macro that is not there", line: line) }
    guard arguments.positional.count <= macro.parameters.count else {
      throw .evaluation(
        "the macro '\(macro.name)' takes \(macro.parameters.count) arguments, it is given \(arguments.positional.count)",
        line: line)
    }
    if let unknown = arguments.named.keys.sorted().first(where: { name in
      !macro.parameters.contains { $0.name == name }
    }) {
      throw .evaluation("the macro '\(macro.name)' has no parameter '\(unknown)'", line: line)
    }
    let outer = frames
    frames = [outer.first ?? [:], [:]]
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
    return .string(try captured(macro.body).text)
  }
}
