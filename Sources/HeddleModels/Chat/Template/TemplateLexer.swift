/// Cuts a template into text and tokens, and applies Jinja's rules of white space: `{%-` and `-%}` strip, a newline
/// after a statement or comment goes (`trim_blocks`), so does the indentation before one (`lstrip_blocks`).
struct TemplateLexer {
  private let source: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var tokens: [TemplateToken] = []
  /// Whether the last tag ended a line, so that white space at `position` is indentation.
  private var isAtLineStart = true

  static func tokens(of source: String) throws(ChatTemplateError) -> [TemplateToken] {
    var lexer = TemplateLexer(source)
    try lexer.run()
    return lexer.tokens
  }

  private init(_ text: String) {
    // Line ends become "\n"; the last one of the template does not count.
    var scalars: [Unicode.Scalar] = []
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if scalar == "\r" || (scalar == "\n" && previous != "\r") {
        scalars.append("\n")
      } else if scalar != "\n" {
        scalars.append(scalar)
      }
      previous = scalar
    }
    // Traps: never, there is a last scalar.
    if scalars.last == "\n" { scalars.removeLast() }
    source = scalars
  }

  // Traps: never, a tag is two scalars, and `position` goes from one scalar to the next, to the end of the source at
  // most.
  private mutating func run() throws(ChatTemplateError) {
    while position < source.count {
      let start = position
      while position < source.count, !isTag(at: position) { position += 1 }
      let text = source[start..<position]
      guard position < source.count else {
        emitText(text)
        break
      }
      let mark = source[position + 1]
      let sign = at(position + 2)
      emitText(trimmed(text, before: mark, sign: sign))
      position += sign == "-" || sign == "+" ? 3 : 2
      switch mark {
      case "#": try comment()
      case "{": try tag(begin: .outputBegin, end: .outputEnd, closing: "}")
      default: try tag(begin: .statementBegin, end: .statementEnd, closing: "%")
      }
    }
    tokens.append(TemplateToken(kind: .end, line: line))
  }

  // Traps: never, callers pass positions from 0 on.
  private func at(_ index: Int) -> Unicode.Scalar? { index < source.count ? source[index] : nil }

  // Traps: never, the index is below the count.
  private func isTag(at index: Int) -> Bool {
    guard source[index] == "{", let mark = at(index + 1) else { return false }
    return mark == "{" || mark == "%" || mark == "#"
  }

  // Traps: never, the text ends at the position or before it.
  private mutating func emitText(_ text: ArraySlice<Unicode.Scalar>) {
    if !text.isEmpty { tokens.append(TemplateToken(kind: .text(Array(text)), line: line)) }
    for scalar in source[text.startIndex..<position] where scalar == "\n" { line += 1 }
  }

  // Traps: never, indices are the text's own, or one after.
  private func trimmed(
    _ text: ArraySlice<Unicode.Scalar>, before mark: Unicode.Scalar, sign: Unicode.Scalar?
  ) -> ArraySlice<Unicode.Scalar> {
    if sign == "-" {
      let last = text.lastIndex { !TemplateString.isSpace($0) }
      return text[..<(last.map { $0 + 1 } ?? text.startIndex)]
    }
    guard mark != "{", sign != "+" else { return text }
    let lineStart = text.lastIndex(of: "\n").map { $0 + 1 }
    guard let start = lineStart ?? (isAtLineStart ? text.startIndex : nil),
      text[start...].allSatisfy(TemplateString.isSpace)
    else { return text }
    return text[..<start]
  }

  // Traps: never, a comment begins with two scalars.
  private mutating func comment() throws(ChatTemplateError) {
    let start = line
    while let scalar = at(position) {
      if scalar == "#", at(position + 1) == "}" {
        let sign = source[position - 1]
        position += 2
        return finishTag(strips: sign == "-", trims: sign != "+")
      }
      if scalar == "\n" { line += 1 }
      position += 1
    }
    throw .syntax("a comment that does not end", line: start)
  }

  /// Goes over the white space that the end of a tag takes with it.
  private mutating func finishTag(strips: Bool, trims: Bool) {
    isAtLineStart = false
    if strips {
      while let scalar = at(position), TemplateString.isSpace(scalar) { advance(scalar) }
    } else if trims, at(position) == "\n" {
      advance("\n")
    }
  }

  // Traps: never, lines are counted in memory.
  private mutating func advance(_ scalar: Unicode.Scalar) {
    isAtLineStart = scalar == "\n"
    if scalar == "\n" { line += 1 }
    position += 1
  }

  private mutating func tag(
    begin: TemplateToken.Kind, end: TemplateToken.Kind, closing: Unicode.Scalar
  ) throws(ChatTemplateError) {
    tokens.append(TemplateToken(kind: begin, line: line))
    let start = line
    var scanner = TemplateTokenScanner(source: source, position: position, line: line)
    var brackets: [Unicode.Scalar] = []
    while true {
      scanner.skipSpaces()
      guard let scalar = scanner.at(0) else { throw .syntax("a tag that does not end", line: start) }
      let sign = scalar == "-" || (scalar == "+" && closing == "%") ? 1 : 0
      if brackets.isEmpty, scanner.at(sign) == closing, scanner.at(sign + 1) == "}" {
        tokens.append(TemplateToken(kind: end, line: scanner.line))
        (position, line) = (scanner.position + sign + 2, scanner.line)
        return finishTag(strips: scalar == "-", trims: sign == 0 && closing == "%")
      }
      let token = try scanner.next()
      switch token.kind {
      case .symbol("("), .symbol("["), .symbol("{"): brackets.append(scalar)
      case .symbol(")"), .symbol("]"), .symbol("}"): _ = brackets.popLast()
      default: break
      }
      tokens.append(token)
    }
  }
}
