/// Values as text: as Python prints them, and as JSON.
extension TemplateEvaluator {
  // Traps: never (value-depth).
  /// Python's `str(value)`; undefined is empty.
  func text(of value: TemplateValue, line: Int) throws(ChatTemplateError) -> TemplateString {
    switch value {
    case .undefined: return TemplateString()
    case .string(let string): return string
    case .list, .dictionary: return try representation(of: value, line: line)
    case .none: return TemplateString("None")
    case .bool(let value): return TemplateString(value ? "True" : "False")
    case .int(let value): return TemplateString(String(value))
    case .float(let value): return TemplateString(value.description)
    case .namespace, .loop, .macro, .function: throw .evaluation("\(value.kind) is no text", line: line)
    }
  }

  /// Python's `repr(value)`.
  private func representation(of value: TemplateValue, line: Int) throws(ChatTemplateError) -> TemplateString {
    switch value {
    case .string(let string):
      try charge(string.count, line: line)
      let quote = string.scalars.contains("'") && !string.scalars.contains("\"") ? "\"" : "'"
      let escaped = string.mapScalars { scalar in
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\\": "\\\\"
        case "'" where quote == "'": "\\'"
        default: scalar.value < 0x20 || scalar.value == 0x7F ? "\\x" + Self.hex(scalar, 2) : String(scalar)
        }
      }
      return TemplateString().joining([TemplateString(quote), escaped, TemplateString(quote)])
    case .list(let list):
      return try bracketed("[", "]", list.items) { item throws(ChatTemplateError) in
        try self.representation(of: item, line: line)
      }
    case .dictionary(let dictionary):
      return try bracketed("{", "}", dictionary.entries) { entry throws(ChatTemplateError) in
        TemplateString(": ").joining([
          try self.representation(of: .string(entry.key), line: line),
          try self.representation(of: entry.value, line: line),
        ])
      }
    default: return try text(of: value, line: line)
    }
  }

  private func bracketed<Element>(
    _ open: String, _ close: String, _ elements: [Element], separator: String = ", ",
    _ text: (Element) throws(ChatTemplateError) -> TemplateString
  ) throws(ChatTemplateError) -> TemplateString {
    var parts: [TemplateString] = []
    for element in elements { parts.append(try text(element)) }
    let inside = TemplateString(separator).joining(parts)
    return TemplateString().joining([TemplateString(open), inside, TemplateString(close)])
  }

  // Traps: never (value-depth).
  /// JSON with Python's spacing, characters beyond ASCII as they are. `indent` puts each element on a line.
  func json(
    _ value: TemplateValue, indent: Int?, level: Int = 0, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    let width = indent.map { min(max($0, 0), 64) }
    func lineBreak(_ level: Int) -> String { width.map { "\n" + TemplateString.repeated(" ", $0 &* level) } ?? "" }
    let separator = width == nil ? ", " : "," + lineBreak(level &+ 1)
    switch value {
    case .none: return TemplateString("null")
    case .bool(let value): return TemplateString(value ? "true" : "false")
    case .string(let string): return try quoted(string, line: line)
    case .list(let list) where list.items.isEmpty: return TemplateString("[]")
    case .list(let list):
      return try bracketed("[" + lineBreak(level &+ 1), lineBreak(level) + "]", list.items, separator: separator) {
        item throws(ChatTemplateError) in try self.json(item, indent: indent, level: level &+ 1, line: line)
      }
    case .dictionary(let dictionary) where dictionary.entries.isEmpty: return TemplateString("{}")
    case .dictionary(let dictionary):
      return try bracketed(
        "{" + lineBreak(level &+ 1), lineBreak(level) + "}", dictionary.entries, separator: separator
      ) { entry throws(ChatTemplateError) in
        TemplateString(": ").joining([
          try self.quoted(entry.key, line: line),
          try self.json(entry.value, indent: indent, level: level &+ 1, line: line),
        ])
      }
    case .int, .float: return try text(of: value, line: line)
    case .undefined, .namespace, .loop, .macro, .function: throw .evaluation("\(value.kind) has no JSON", line: line)
    }
  }

  private func quoted(_ string: TemplateString, line: Int) throws(ChatTemplateError) -> TemplateString {
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
      default: scalar.value < 0x20 ? "\\u" + Self.hex(scalar, 4) : String(scalar)
      }
    }
    return TemplateString().joining([TemplateString("\""), escaped, TemplateString("\"")])
  }

  private static func hex(_ scalar: Unicode.Scalar, _ width: Int) -> String {
    let digits = String(scalar.value, radix: 16)
    return TemplateString.repeated("0", width &- digits.count) + digits
  }
}
