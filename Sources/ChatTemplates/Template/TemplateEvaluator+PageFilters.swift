import HeddleText

/// Filters that lay out pages: of markup, of sizes, of lines.
extension TemplateEvaluator {
  static let pageFilters: Set<String> = ["pprint", "filesizeformat", "wordwrap", "xmlattr", "striptags"]

  func pageFilter(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    switch name {
    case "pprint": return .string(try pretty(value, line: line))
    case "filesizeformat": return .string(try fileSize(value, arguments))
    case "xmlattr": return .string(try markupAttributes(value, arguments))
    case "wordwrap": return .string(try wrapped(text(of: value, line: line), arguments))
    default: return .string(try withoutTags(text(of: value, line: line), line: line))
    }
  }

  /// Python's `pprint.pformat`: `repr` with sorted keys. What does not fit a line of 80 it lays out over several, which is refused.
  private func pretty(_ value: TemplateValue, line: Int) throws(ChatTemplateError) -> TemplateString {
    let text = try representation(of: try sortedByKeys(value, line: line), line: line)
    guard text.count < 80 else { throw .unsupported("the filter 'pprint' of what is longer than a line", line: line) }
    return text
  }

  // Traps: never (value-depth).
  private func sortedByKeys(_ value: TemplateValue, line: Int) throws(ChatTemplateError) -> TemplateValue {
    switch value {
    case .list(let list):
      var items: [TemplateValue] = []
      for item in list.items { items.append(try sortedByKeys(item, line: line)) }
      return try .list(items, kind: list.kind, line: line)
    case .dictionary(let dictionary):
      let entries = try sorted(dictionary.entries, by: dictionary.entries.map(\.key), reverse: false, line: line)
      var result = TemplateDictionary()
      for entry in entries { try result.set(entry.key, try sortedByKeys(entry.value, line: line), line: line) }
      return .dictionary(result)
    default: return value
    }
  }

  /// `1.3 kB`, or with `binary` `1.3 KiB`.
  private func fileSize(
    _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateString {
    var number = value.number
    if case .string(let string) = value { number = Double(string.stripped(of: nil).text) }
    guard let bytes = number, bytes.isFinite else {
      throw .evaluation("filesizeformat of \(value.kind)", line: arguments.line)
    }
    let isBinary = arguments[0, "binary"]?.isTrue == true
    let base = isBinary ? 1024.0 : 1000
    if bytes == 1 { return TemplateString("1 Byte") }
    if bytes < base { return TemplateString("\(Int(exactly: bytes.rounded(.towardZero)) ?? 0) Bytes") }
    var unit = base
    var last = TemplateString()
    for letter in isBinary ? "KMGTPEZY" : "kMGTPEZY" {
      unit *= base
      let size = TemplateNumberFormat.fixed(base * bytes / unit, decimals: 1)
      last = TemplateString("\(size) \(letter)\(isBinary ? "iB" : "B")")
      if bytes < unit { break }
    }
    return last
  }

  /// ` key="value"` for each, escaped; those of none and undefined are left out.
  private func markupAttributes(
    _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateString {
    let line = arguments.line
    guard case .dictionary(let dictionary) = value else { throw .evaluation("xmlattr of \(value.kind)", line: line) }
    var parts: [TemplateString] = []
    for entry in dictionary.entries {
      switch entry.value {
      case .none, .undefined: continue
      default: break
      }
      let key = try text(of: entry.key, line: line)
      guard !key.scalars.contains(where: { TemplateString.isSpace($0) || "/>=".unicodeScalars.contains($0) }) else {
        throw .evaluation("an attribute called '\(key.text)'", line: line)
      }
      let content = try text(of: entry.value, line: line)
      try charge(content.count, line: line)
      parts.append(
        TemplateString().joining([key.escaped, TemplateString("=\""), content.escaped, TemplateString("\"")]))
    }
    let joined = TemplateString(" ").joining(parts)
    let hasSpace = !parts.isEmpty && arguments[0, "autospace"]?.isTrue ?? true
    return TemplateString().joining([TemplateString(hasSpace ? " " : ""), joined])
  }

  /// Without comments and tags, each run of white space one space, entities as what they stand for.
  private func withoutTags(_ string: TemplateString, line: Int) throws(ChatTemplateError) -> TemplateString {
    var text = string
    text.isMarkup = false
    for (open, close) in [("<!--", "-->"), ("<", ">")] {
      let (open, close) = (TemplateString(open), TemplateString(close))
      var kept = TemplateString()
      var start = 0
      while let tag = text.firstIndex(of: open, from: start), let end = text.firstIndex(of: close, from: tag) {
        try charge(end &- start, line: line)
        kept.append(text.part(from: start, to: tag))
        start = end &+ close.count
      }
      kept.append(text.part(from: start))
      text = kept
    }
    return try withoutEntities(TemplateString(" ").joining(text.splitAtSpaces(limit: -1)), line: line)
  }

  private static let entities: NameTable<String> = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
  ]

  /// With the five entities of XML, `&nbsp;` and numbers of characters replaced; HTML's others are refused.
  private func withoutEntities(_ text: TemplateString, line: Int) throws(ChatTemplateError) -> TemplateString {
    var result = TemplateString()
    var start = 0
    while let mark = text.firstIndex(of: TemplateString("&"), from: start) {
      let rest = text.scalars.part(from: mark &+ 1, to: mark &+ 34)
      let stop = rest.firstIndex { !Self.isOfEntity($0) } ?? rest.endIndex
      let letters = rest.part(from: rest.startIndex, to: stop)
      let name = String(String.UnicodeScalarView(letters))
      let end = mark &+ 1 &+ letters.count
      guard !name.isEmpty else {
        result.append(text.part(from: start, to: mark &+ 1))
        start = mark &+ 1
        continue
      }
      guard text.scalars[at: end] == ";", let plain = Self.entities[name] ?? Self.character(name) else {
        throw .unsupported("the filter 'striptags' of '&\(name)'", line: line)
      }
      result.append(text.part(from: start, to: mark))
      let isTrusted = text.part(from: mark, to: end).spans.allSatisfy(\.isTrusted)
      result.append(TemplateString(plain, isTrusted: isTrusted))
      start = end &+ 1
    }
    result.append(text.part(from: start))
    return result
  }

  private static func isOfEntity(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "#")
  }

  /// The character of `#65` or `#x41`, of those that HTML does not replace by others.
  private static func character(_ name: String) -> String? {
    let digits = String(name.unicodeScalars.dropFirst())
    guard name.unicodeScalars.first == "#" else { return nil }
    let isHexadecimal = digits.unicodeScalars.first == "x" || digits.unicodeScalars.first == "X"
    let value = isHexadecimal ? UInt32(String(digits.unicodeScalars.dropFirst()), radix: 16) : UInt32(digits)
    guard let value, value >= 0x20, !(0x7F...0x9F).contains(value), let scalar = Unicode.Scalar(value),
      !["FDD0", "FFFE", "FFFF"].contains(String(value & 0xFFFF, radix: 16, uppercase: true))
    else { return nil }
    return String(scalar)
  }

  /// Lines of at most `width`, cut at spaces as Python's `textwrap` cuts them. Words with hyphens, which it also cuts, are refused.
  private func wrapped(
    _ string: TemplateString, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateString {
    let line = arguments.line
    let width = try arguments.integer(0, "width") ?? 79
    guard width > 0 else { throw .evaluation("wordwrap to \(width)", line: line) }
    let cutsWords = arguments[1, "break_long_words"]?.isTrue ?? true
    let separator = try arguments.string(2, "wrapstring") ?? TemplateString("\n")
    if arguments[3, "break_on_hyphens"]?.isTrue ?? true, string.scalars.contains("-") {
      throw .unsupported("the filter 'wordwrap' of a text with hyphens", line: line)
    }
    var result: [TemplateString] = []
    for part in string.lines(keepingEnds: false) {
      result.append(separator.joining(Self.wrapped(part, width: width, cutsWords: cutsWords)))
      try charge(part.count, line: line)
    }
    return separator.joining(result)
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { "\t\n\u{B}\u{C}\r ".unicodeScalars.contains(scalar) }

  private static func wrapped(_ text: TemplateString, width: Int, cutsWords: Bool) -> [TemplateString] {
    var lines: [TemplateString] = []
    var start = 0
    while start < text.count {
      // Spaces stay at the beginning of the first line alone.
      if !lines.isEmpty { while let scalar = text.scalars[at: start], isBlank(scalar) { start &+= 1 } }
      var end = start
      var kept = start
      while end < text.count {
        var next = end
        let blank = text.scalars[at: end].map(isBlank)
        while next < text.count, text.scalars[at: next].map(isBlank) == blank { next &+= 1 }
        if next &- start > width {
          let isLong = next &- end > width
          if isLong, cutsWords { end = start &+ width } else if end == start { end = next }
          break
        }
        end = next
      }
      kept = end
      while kept > start, let scalar = text.scalars[at: kept &- 1], isBlank(scalar) { kept &-= 1 }
      if kept > start { lines.append(text.part(from: start, to: kept)) }
      if end == start { break }
      start = end
    }
    return lines
  }
}
