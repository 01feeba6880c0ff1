/// Reads names, numbers, strings and symbols inside a tag.
struct TemplateTokenScanner {
  private(set) var source: TemplateCursor<Unicode.Scalar>
  private(set) var line: Int

  init(source: TemplateCursor<Unicode.Scalar>, line: Int) {
    self.source = source
    self.line = line
  }

  private static let symbols = [
    "==", "!=", "<=", ">=", "//", "**", "<", ">", "=", "+", "-", "*", "/", "%", "~", "|", "(", ")", "[", "]", "{", "}",
    ",", ".", ":",
  ]

  private func at(_ offset: Int) -> Unicode.Scalar? { source.peek(offset) }

  mutating func skipSpaces() {
    while let scalar = at(0), TemplateString.isSpace(scalar) {
      if scalar == "\n" { line &+= 1 }
      source.advance()
    }
  }

  mutating func next() throws(ChatTemplateError) -> TemplateToken {
    guard let first = at(0) else { return TemplateToken(kind: .end, line: line) }
    if first == "'" || first == "\"" { return try string(quote: first) }
    if ("0"..."9").contains(first) { return try number() }
    if first == "_" || first.properties.isXIDStart { return name() }
    for symbol in Self.symbols where source.ahead(2).starts(with: symbol.unicodeScalars) {
      source.advance(symbol.unicodeScalars.count)
      return TemplateToken(kind: .symbol(symbol), line: line)
    }
    throw .syntax("unexpected '\(first)'", line: line)
  }

  private func text(from start: Int) -> String {
    TemplateString(Array(source.read(since: start)), isTrusted: true).text
  }

  private mutating func name() -> TemplateToken {
    let start = source.position
    while let scalar = at(0), scalar == "_" || scalar.properties.isXIDContinue { source.advance() }
    return TemplateToken(kind: .name(text(from: start)), line: line)
  }

  private mutating func number() throws(ChatTemplateError) -> TemplateToken {
    let start = source.position
    func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ("0"..."9").contains($0) } ?? false }
    while isDigit(at(0)) || (at(0) == "_" && isDigit(at(1))) { source.advance() }
    var isFloat = false
    if at(0) == ".", isDigit(at(1)) {
      isFloat = true
      source.advance()
      while isDigit(at(0)) { source.advance() }
    }
    let sign = at(1) == "+" || at(1) == "-" ? 2 : 1
    if at(0) == "e" || at(0) == "E", isDigit(at(sign)) {
      isFloat = true
      source.advance(sign)
      while isDigit(at(0)) { source.advance() }
    }
    let digits = text(from: start).filter { $0 != "_" }
    if isFloat, let value = Double(digits) { return TemplateToken(kind: .float(value), line: line) }
    guard let value = Int(digits) else { throw .syntax("the number \(digits) is too large", line: line) }
    return TemplateToken(kind: .integer(value), line: line)
  }

  private mutating func string(quote: Unicode.Scalar) throws(ChatTemplateError) -> TemplateToken {
    let start = line
    var value = String.UnicodeScalarView()
    source.advance()
    while let scalar = at(0) {
      source.advance()
      if scalar == quote { return TemplateToken(kind: .string(String(value)), line: start) }
      if scalar == "\n" { line &+= 1 }
      if scalar == "\\" {
        try escape(into: &value)
      } else {
        value.append(scalar)
      }
    }
    throw .syntax("a string that does not end", line: start)
  }

  /// Python's escapes; an unknown one stays as it is.
  private mutating func escape(into value: inout String.UnicodeScalarView) throws(ChatTemplateError) {
    guard let scalar = at(0) else { return }
    source.advance()
    if let result = Self.plain(scalar) {
      value.append(result)
    } else if let width = Self.width(scalar) {
      let digits = TemplateString(Array(source.ahead(width)), isTrusted: true).text
      guard digits.utf8.count == width, let code = UInt32(digits, radix: 16), let result = Unicode.Scalar(code) else {
        throw .syntax("the escape '\\\(scalar)\(digits)' is no character", line: line)
      }
      value.append(result)
      source.advance(width)
    } else if ("0"..."7").contains(scalar) {
      var code = scalar.value &- 48
      for _ in 0..<2 {
        guard let digit = at(0), ("0"..."7").contains(digit) else { break }
        code = code &* 8 &+ digit.value &- 48
        source.advance()
      }
      if let result = Unicode.Scalar(code) { value.append(result) }
    } else if scalar != "\n" {
      value.append("\\")
      value.append(scalar)
    } else {
      line &+= 1
    }
  }

  /// What a letter after a backslash stands for.
  private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar {
    case "n": "\n"
    case "t": "\t"
    case "r": "\r"
    case "\\", "'", "\"": scalar
    case "b": "\u{8}"
    case "f": "\u{C}"
    case "v": "\u{B}"
    case "a": "\u{7}"
    default: nil
    }
  }

  /// How many digits follow a letter after a backslash.
  private static func width(_ scalar: Unicode.Scalar) -> Int? {
    switch scalar {
    case "x": 2
    case "u": 4
    case "U": 8
    default: nil
    }
  }
}
