/// The arguments of a call, a filter or a test.
struct TemplateArguments {
  var positional: [TemplateValue] = []
  /// In the order of the call.
  var named = TemplateDictionary()
  let line: Int

  /// The argument at `position` or called `name`.
  subscript(position: Int, name: String) -> TemplateValue? {
    positional[at: position] ?? named[name]
  }

  func string(_ position: Int, _ name: String) throws(ChatTemplateError) -> TemplateString? {
    switch self[position, name] {
    case nil, TemplateValue.none?: return nil
    case .string(let value)?: return value
    case let other?: throw .evaluation("the argument '\(name)' is \(other.kind), not a string", line: line)
    }
  }

  func integer(_ position: Int, _ name: String) throws(ChatTemplateError) -> Int? {
    guard let value = self[position, name] else { return nil }
    guard let integer = value.integer else {
      throw .evaluation("the argument '\(name)' is \(value.kind), not an integer", line: line)
    }
    return integer
  }

  func required(_ position: Int, _ name: String) throws(ChatTemplateError) -> TemplateValue {
    guard let value = self[position, name] else { throw .evaluation("the argument '\(name)' is missing", line: line) }
    return value
  }

  func requiredString(_ position: Int, _ name: String) throws(ChatTemplateError) -> TemplateString {
    guard let value = try string(position, name) else {
      throw .evaluation("the argument '\(name)' is missing", line: line)
    }
    return value
  }
}
