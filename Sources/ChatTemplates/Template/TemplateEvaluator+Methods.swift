import HeddleText

/// The methods of lists and mappings. Those that change one are refused, as where templates come from others.
extension TemplateEvaluator {
  static let listMethods: Set<String> = ["index", "count", "copy"]
  static let mappingMethods: Set<String> = [
    "get", "keys", "values", "items", "copy", "pop", "update", "setdefault", "clear",
  ]
  private static let changing: Set<String> = [
    "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "setdefault", "popitem",
  ]

  func method(
    _ name: String, of list: TemplateList, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    try charge(list.items.count, line: line)
    switch name {
    case "index":
      let value = try arguments.required(0, "value")
      guard let index = list.items.firstIndex(of: value) else {
        throw .evaluation("a list that does not contain what it is searched for", line: line)
      }
      return .int(index)
    case "count":
      let value = try arguments.required(0, "value")
      return .int(list.items.count { $0 == value })
    case "copy": return .list(list)
    case _ where Self.changing.contains(name):
      throw .evaluation("'\(name)' would change a list, which no template may", line: line)
    default: throw .unsupported("the method '\(name)' of a list", line: line)
    }
  }

  func method(
    _ name: String, of dictionary: TemplateDictionary, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    try charge(dictionary.entries.count, line: line)
    switch name {
    case "get":
      return dictionary[try arguments.required(0, "key")] ?? arguments[1, "default"] ?? .none
    case "keys": return try .list(dictionary.entries.map(\.key), line: line)
    case "values": return try .list(dictionary.entries.map(\.value), line: line)
    case "copy": return .dictionary(dictionary)
    case _ where Self.changing.contains(name):
      throw .evaluation("'\(name)' would change a mapping, which no template may", line: line)
    case "items": return try items(of: dictionary, line: line)
    default: throw .unsupported("the method '\(name)' of a mapping", line: line)
    }
  }

  func items(of dictionary: TemplateDictionary, line: Int) throws(ChatTemplateError) -> TemplateValue {
    var pairs: [TemplateValue] = []
    for (key, value) in dictionary.entries {
      pairs.append(try .list([key, value], kind: .tuple, line: line))
    }
    return try .list(pairs, line: line)
  }
}
