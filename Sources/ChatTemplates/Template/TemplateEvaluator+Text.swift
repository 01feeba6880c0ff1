import HeddleText

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
    case .namespace, .loop, .macro, .counter, .function: throw .evaluation("\(value.kind) is no text", line: line)
    }
  }

  /// Python's `repr(value)`.
  func representation(of value: TemplateValue, line: Int) throws(ChatTemplateError) -> TemplateString {
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
        default: Self.isPrintable(scalar) ? String(scalar) : Self.escape(scalar)
        }
      }
      return TemplateString().joining([TemplateString(quote), escaped, TemplateString(quote)])
    case .list(let list):
      guard list.kind != .generator else { throw .evaluation("\(value.kind) is no text", line: line) }
      let isTuple = list.kind == .tuple
      let close = isTuple ? list.items.count == 1 ? ",)" : ")" : "]"
      return try bracketed(isTuple ? "(" : "[", close, list.items) { item throws(ChatTemplateError) in
        try self.representation(of: item, line: line)
      }
    case .dictionary(let dictionary):
      return try bracketed("{", "}", dictionary.entries) { entry throws(ChatTemplateError) in
        TemplateString(": ").joining([
          try self.representation(of: entry.key, line: line),
          try self.representation(of: entry.value, line: line),
        ])
      }
    default: return try text(of: value, line: line)
    }
  }

  private func bracketed<Element>(
    _ open: String, _ close: String, _ elements: [Element],
    _ text: (Element) throws(ChatTemplateError) -> TemplateString
  ) throws(ChatTemplateError) -> TemplateString {
    var parts: [TemplateString] = []
    for element in elements { parts.append(try text(element)) }
    let inside = TemplateString(", ").joining(parts)
    return TemplateString().joining([TemplateString(open), inside, TemplateString(close)])
  }

  /// Whether Python's `repr` writes a character as it is.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    case .spaceSeparator: scalar == " "
    default: true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\" + letter + String(scalar.value, radix: 16).padded(to: width, with: "0")
  }
}
