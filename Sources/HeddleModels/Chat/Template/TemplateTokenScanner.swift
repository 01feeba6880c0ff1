/// Reads names, numbers, strings and symbols inside a tag.
struct TemplateTokenScanner {
  let source: [Unicode.Scalar]
  var position: Int
  var line: Int

  private static let symbols = [
    "==", "!=", "<=", ">=", "//", "**", "<", ">", "=", "+", "-", "*", "/", "%", "~", "|", "(", ")", "[", "]", "{", "}",
    ",", ".", ":",
  ]

  // Traps: never, callers pass small offsets from the position on.
  func at(_ offset: Int) -> Unicode.Scalar? {
    position + offset < source.count ? source[position + offset] : nil
  }

  // Traps: never, lines are counted in memory.
  mutating func skipSpaces() {
    while let scalar = at(0), TemplateString.isSpace(scalar) {
      if scalar == "\n" { line += 1 }
      position += 1
    }
  }

  // Traps: never, the position is below the count.
  mutating func next() throws(ChatTemplateError) -> TemplateToken {
    guard let first = at(0) else { return TemplateToken(kind: .end, line: line) }
    if first == "'" || first == "\"" { return try string(quote: first) }
    if ("0"..."9").contains(first) { return try number() }
    if first == "_" || first.properties.isXIDStart { return name() }
    for symbol in Self.symbols where source[position...].starts(with: symbol.unicodeScalars) {
      position += symbol.unicodeScalars.count
      return TemplateToken(kind: .symbol(symbol), line: line)
    }
    throw .syntax("unexpected '\(first)'", line: line)
  }

  // Traps: never, `start` is a position before this one.
  private func text(from start: Int) -> String { TemplateString(Array(source[start..<position]), isTrusted: true).text }

  private mutating func name() -> TemplateToken {
    let start = position
    while let scalar = at(0), scalar == "_" || scalar.properties.isXIDContinue { position += 1 }
    return TemplateToken(kind: .name(text(from: start)), line: line)
  }

  private mutating func number() throws(ChatTemplateError) -> TemplateToken {
    let start = position
    func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ("0"..."9").contains($0) } ?? false }
    while isDigit(at(0)) || (at(0) == "_" && isDigit(at(1))) { position += 1 }
    var isFloat = false
    if at(0) == ".", isDigit(at(1)) {
      isFloat = true
      position += 1
      while isDigit(at(0)) { position += 1 }
    }
    let sign = at(1) == "+" || at(1) == "-" ? 2 : 1
    if at(0) == "e" || at(0) == "E", isDigit(at(sign)) {
      isFloat = true
      position += sign
      while isDigit(at(0)) { position += 1 }
    }
    let digits = text(from: start).filter { $0 != "_" }
    if isFloat, let value = Double(digits) { return TemplateToken(kind: .float(value), line: line) }
    guard let value = Int(digits) else { throw .syntax("the number \(digits) is too large", line: line) }
    return TemplateToken(kind: .integer(value), line: line)
  }

  // Traps: never, the position is below the count where it grows.
  private mutating func string(quote: Unicode.Scalar) throws(ChatTemplateError) -> TemplateToken {
    let start = line
    var value = String.UnicodeScalarView()
    position += 1
    while let scalar = at(0) {
      position += 1
      if scalar == quote { return TemplateToken(kind: .string(String(value)), line: start) }
      if scalar == "\n" { line += 1 }
      if scalar == "\\" {
        try escape(into: &value)
      } else {
        value.append(scalar)
      }
    }
    throw .syntax("a string that does not end", line: start)
  }

  // Traps: never, the position is at most the count, a width one of three literals, and taken when so many scalars
  // are there.
  /// Python's escapes; an unknown one stays as it is.
  private mutating func escape(into value: inout String.UnicodeScalarView) throws(ChatTemplateError) {
    guard let scalar = at(0) else { return }
    position += 1
    let plain: [Unicode.Scalar: Unicode.Scalar] = [
      "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"", "0": "\0", "b": "\u{8}", "f": "\u{C}",
      "v": "\u{B}", "a": "\u{7}",
    ]
    let widths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
    if let result = plain[scalar] {
      value.append(result)
    } else if let width = widths[scalar] {
      let digits = TemplateString(Array(source[position...].prefix(width)), isTrusted: true).text
      guard digits.utf8.count == width, let code = UInt32(digits, radix: 16), let result = Unicode.Scalar(code) else {
        throw .syntax("the escape '\\\(scalar)\(digits)' is no character", line: line)
      }
      value.append(result)
      position += width
    } else if scalar != "\n" {
      value.append("\\")
      value.append(scalar)
    } else {
      line += 1
    }
  }
}
