import HeddleText

/// Filters that make a text of what they are given.
extension TemplateEvaluator {
  func textFilter(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    let string = try text(of: value, line: line)
    try charge(string.count, line: line)
    switch name {
    case "trim": return .string(string.stripped(of: try arguments.string(0, "chars")))
    case "upper": return .string(string.uppercased)
    case "lower": return .string(string.lowercased)
    case "capitalize": return .string(string.capitalized(everyWord: false))
    case "title": return .string(string.titled)
    case "replace":
      let (old, new) = (try arguments.requiredString(0, "old"), try arguments.requiredString(1, "new"))
      return .string(try replace(old, with: new, in: string, count: try arguments.integer(2, "count"), line: line))
    case "indent": return .string(try indented(string, arguments))
    case "safe":
      var markup = string
      markup.isMarkup = true
      return .string(markup)
    case "escape", "e": return .string(string.escaped)
    case "forceescape":
      var plain = string
      plain.isMarkup = false
      return .string(plain.escaped)
    case "wordcount": return .int(Self.wordCount(string))
    case "truncate": return .string(try truncated(string, arguments))
    case "center": return .string(try justified(name, string, arguments))
    case "format":
      let named: TemplateValue? = arguments.named.entries.isEmpty ? nil : .dictionary(arguments.named)
      return .string(try interpolated(string, arguments.positional, named: named, line: line))
    case "urlencode": return .string(Self.percentEncoded(string))
    default: return .string(string)
    }
  }

  private func indented(
    _ string: TemplateString, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateString {
    let line = arguments.line
    var spaces = TemplateString("    ")
    if case .string(let given)? = arguments[0, "width"] {
      spaces = given
    } else if let width = try arguments.integer(0, "width") {
      spaces = TemplateString(" ").repeated(min(width, 256))
    }
    var ended = string
    ended.append("\n")
    let lines = ended.lines(keepingEnds: false)
    let indentsFirst = arguments[1, "first"]?.isTrue == true
    var result: [TemplateValue] = []
    for (index, part) in lines.enumerated() {
      let isIndented = index == 0 ? indentsFirst : !part.isEmpty || arguments[2, "blank"]?.isTrue == true
      result.append(.string(isIndented ? TemplateString().joining([spaces, part]) : part))
    }
    return try join(result, by: TemplateString("\n"), line: line)
  }

  /// Cut to a length, at a space before it unless words may be cut; a little longer is left as it is.
  private func truncated(
    _ string: TemplateString, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateString {
    let length = try arguments.integer(0, "length") ?? 255
    let end = try arguments.string(2, "end") ?? TemplateString("...")
    let leeway = try arguments.integer(3, "leeway") ?? 5
    guard length >= end.count, leeway >= 0 else {
      throw .evaluation("truncate to \(length) with an end of \(end.count)", line: arguments.line)
    }
    guard string.count &- length > leeway else { return string }
    var kept = string.part(from: 0, to: length &- end.count)
    if arguments[1, "killwords"]?.isTrue != true, let space = kept.scalars.lastIndex(of: " ") {
      kept = kept.part(from: 0, to: space)
    }
    return TemplateString().joining([kept, end])
  }

  private static func wordCount(_ string: TemplateString) -> Int {
    var count = 0
    var isInside = false
    for scalar in string.scalars {
      let properties = scalar.properties
      let isWord = properties.isAlphabetic || properties.numericType != nil || scalar == "_"
      if isWord, !isInside { count &+= 1 }
      isInside = isWord
    }
    return count
  }

  /// As in the path of an address: letters, digits and `_.-~/` stay.
  private static func percentEncoded(_ string: TemplateString) -> TemplateString {
    string.mapScalars { scalar in
      let isPlain =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || "_.-~/".unicodeScalars.contains(scalar)
      guard !isPlain else { return String(scalar) }
      return String(scalar).utf8.map { "%" + (String($0, radix: 16, uppercase: true)).padded(to: 2, with: "0") }
        .joined()
    }
  }
}
