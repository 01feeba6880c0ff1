import HeddleText

/// How `tojson` writes: as Python's `json.dumps` with these arguments.
struct JSONStyle {
  /// What stands before each level, where elements have lines of their own; nil for one line.
  var indent: TemplateString?
  var comma: TemplateString
  var colon = TemplateString(": ")
  var isASCII: Bool
  var sortsKeys: Bool

  init(_ arguments: TemplateArguments) throws(ChatTemplateError) {
    isASCII = arguments[0, "ensure_ascii"]?.isTrue == true
    let indent = arguments.named["indent"] ?? arguments.positional[at: 1]
    if case .string(let given)? = indent {
      self.indent = given
    } else if let width = indent?.integer {
      self.indent = TemplateString(" ").repeated(min(width, 64))
    }
    comma = TemplateString(self.indent == nil ? ", " : ",")
    sortsKeys = arguments[3, "sort_keys"]?.isTrue == true
    guard let separators = arguments[2, "separators"], separators != .none else { return }
    guard case .list(let parts) = separators, parts.items.count == 2, case .string(let comma)? = parts.items.first,
      case .string(let colon)? = parts.items.last
    else { throw .evaluation("separators that are no two texts", line: arguments.line) }
    (self.comma, self.colon) = (comma, colon)
  }
}

/// Values as JSON.
extension TemplateEvaluator {
  // Traps: never (value-depth).
  /// JSON with Python's spacing, characters beyond ASCII as they are unless the style wants ASCII.
  func json(
    _ value: TemplateValue, _ style: JSONStyle, level: Int = 0, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    switch value {
    case .none: return TemplateString("null")
    case .bool(let value): return TemplateString(value ? "true" : "false")
    case .string(let string): return try quoted(string, style, line: line)
    case .int: return try text(of: value, line: line)
    case .float(let value):
      return TemplateString(
        value.isNaN ? "NaN" : value.isFinite ? value.description : value < 0 ? "-Infinity" : "Infinity")
    case .list(let list) where list.kind != .generator:
      var parts: [TemplateString] = []
      for item in list.items { parts.append(try json(item, style, level: level &+ 1, line: line)) }
      return try laidOut(parts, "[", "]", style, level: level, line: line)
    case .dictionary(let dictionary):
      var entries = dictionary.entries
      if style.sortsKeys { entries = try sorted(entries, by: entries.map(\.key), reverse: false, line: line) }
      var parts: [TemplateString] = []
      for entry in entries {
        parts.append(
          style.colon.joining([
            try key(entry.key, style, line: line), try json(entry.value, style, level: level &+ 1, line: line),
          ]))
      }
      return try laidOut(parts, "{", "}", style, level: level, line: line)
    case .list, .undefined, .namespace, .loop, .macro, .counter, .function:
      throw .evaluation("\(value.kind) has no JSON", line: line)
    }
  }

  /// A key is a text in JSON, whatever it was.
  private func key(
    _ key: TemplateValue, _ style: JSONStyle, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    if case .string(let string) = key { return try quoted(string, style, line: line) }
    return TemplateString().joining([
      TemplateString("\""), try json(key, style, line: line), TemplateString("\""),
    ])
  }

  private func laidOut(
    _ parts: [TemplateString], _ open: String, _ close: String, _ style: JSONStyle, level: Int, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    guard !parts.isEmpty else { return TemplateString(open + close) }
    func lineBreak(_ level: Int) -> TemplateString {
      guard let indent = style.indent else { return TemplateString() }
      return TemplateString().joining([TemplateString("\n"), indent.repeated(level)])
    }
    let separator = TemplateString().joining([style.comma, lineBreak(level &+ 1)])
    try charge(parts.count &* separator.count, line: line)
    return TemplateString().joining([
      TemplateString(open), lineBreak(level &+ 1), separator.joining(parts), lineBreak(level), TemplateString(close),
    ])
  }

  private func quoted(
    _ string: TemplateString, _ style: JSONStyle, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    try charge(string.count, line: line)
    let escaped = string.mapScalars { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case "\u{8}": "\\b"
      case "\u{C}": "\\f"
      default: scalar.value < 0x20 || (style.isASCII && scalar.value > 0x7E) ? Self.escapes(scalar) : String(scalar)
      }
    }
    return TemplateString().joining([TemplateString("\""), escaped, TemplateString("\"")])
  }

  /// `\u00e9`, of a scalar beyond 16 bits two halves.
  private static func escapes(_ scalar: Unicode.Scalar) -> String {
    String(scalar).utf16.map { "\\u" + String($0, radix: 16).padded(to: 4, with: "0") }.joined()
  }
}
