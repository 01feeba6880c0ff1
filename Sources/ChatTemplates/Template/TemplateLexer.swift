/// Cuts a template into text and tokens, and applies Jinja's rules of white space: `{%-` and `-%}` strip, a newline
/// after a statement or comment goes (`trim_blocks`), so does the indentation before one (`lstrip_blocks`).
struct TemplateLexer {
  private var source: TemplateCursor<Unicode.Scalar>
  private var line = 1
  private var tokens: [TemplateToken] = []
  /// Whether the last tag ended a line, so that white space that follows is indentation.
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
    if scalars.last == "\n" { _ = scalars.popLast() }
    source = TemplateCursor(scalars)
  }

  private mutating func run() throws(ChatTemplateError) {
    while !source.isAtEnd {
      let start = source.position
      while !source.isAtEnd, !isTag { source.advance() }
      let text = source.read(since: start)
      guard let mark = source.peek(1) else {
        emit(text, of: text)
        break
      }
      let sign = source.peek(2)
      emit(trimmed(text, before: mark, sign: sign), of: text)
      source.advance(sign == "-" || sign == "+" ? 3 : 2)
      switch mark {
      case "#": try comment()
      case "{": try tag(begin: .outputBegin, end: .outputEnd, closing: "}")
      default:
        try tag(begin: .statementBegin, end: .statementEnd, closing: "%")
        if isAfterRaw { try raw() }
      }
    }
    tokens.append(TemplateToken(kind: .end, line: line))
  }

  private var isTag: Bool {
    guard source.peek() == "{", let mark = source.peek(1) else { return false }
    return mark == "{" || mark == "%" || mark == "#"
  }

  /// Emits what is left of a text, and counts the lines of all of it.
  private mutating func emit(_ rest: ArraySlice<Unicode.Scalar>, of text: ArraySlice<Unicode.Scalar>) {
    if !rest.isEmpty { tokens.append(TemplateToken(kind: .text(Array(rest)), line: line)) }
    for scalar in text where scalar == "\n" { line &+= 1 }
  }

  /// Whether the last tag is `{% raw %}`.
  private var isAfterRaw: Bool {
    tokens.part(from: tokens.count &- 3).map(\.kind) == [.statementBegin, .name("raw"), .statementEnd]
  }

  /// The text up to `{% endraw %}`, instead of the tag that began it.
  private mutating func raw() throws(ChatTemplateError) {
    let begin = line
    tokens = Array(tokens.part(from: 0, to: tokens.count &- 3))
    let start = source.position
    while !source.isAtEnd {
      if let sign = endOfRaw {
        let text = source.read(since: start)
        emit(trimmed(text, before: "%", sign: sign), of: text)
        let kept = tokens
        source.advance(sign == "-" || sign == "+" ? 3 : 2)
        try tag(begin: .statementBegin, end: .statementEnd, closing: "%")
        tokens = kept
        return
      }
      source.advance()
    }
    throw .syntax("a {% raw %} that does not end", line: begin)
  }

  /// What follows `{%` of an `{% endraw %}` that begins here; nil if none does.
  private var endOfRaw: Unicode.Scalar? {
    guard source.peek() == "{", source.peek(1) == "%" else { return nil }
    let sign = source.peek(2)
    var place = sign == "-" || sign == "+" ? 3 : 2
    while let scalar = source.peek(place), TemplateString.isSpace(scalar) { place &+= 1 }
    for scalar in "endraw".unicodeScalars {
      guard source.peek(place) == scalar else { return nil }
      place &+= 1
    }
    return sign
  }

  private func trimmed(
    _ text: ArraySlice<Unicode.Scalar>, before mark: Unicode.Scalar, sign: Unicode.Scalar?
  ) -> ArraySlice<Unicode.Scalar> {
    var rest = text
    if sign == "-" {
      while let last = rest.last, TemplateString.isSpace(last) { _ = rest.popLast() }
      return rest
    }
    guard mark != "{", sign != "+" else { return text }
    while let last = rest.last, last != "\n" {
      guard TemplateString.isSpace(last) else { return text }
      _ = rest.popLast()
    }
    return rest.isEmpty && !isAtLineStart ? text : rest
  }

  private mutating func comment() throws(ChatTemplateError) {
    let start = line
    while let scalar = source.peek() {
      if scalar == "#", source.peek(1) == "}" {
        let sign = source.peek(-1)
        source.advance(2)
        return finishTag(strips: sign == "-", trims: sign != "+")
      }
      if scalar == "\n" { line &+= 1 }
      source.advance()
    }
    throw .syntax("a comment that does not end", line: start)
  }

  /// Goes over the white space that the end of a tag takes with it.
  private mutating func finishTag(strips: Bool, trims: Bool) {
    isAtLineStart = false
    if strips {
      while let scalar = source.peek(), TemplateString.isSpace(scalar) { advance(scalar) }
    } else if trims, source.peek() == "\n" {
      advance("\n")
    }
  }

  private mutating func advance(_ scalar: Unicode.Scalar) {
    isAtLineStart = scalar == "\n"
    if scalar == "\n" { line &+= 1 }
    source.advance()
  }

  private mutating func tag(
    begin: TemplateToken.Kind, end: TemplateToken.Kind, closing: Unicode.Scalar
  ) throws(ChatTemplateError) {
    tokens.append(TemplateToken(kind: begin, line: line))
    let start = line
    var scanner = TemplateTokenScanner(source: source, line: line)
    var brackets: [Unicode.Scalar] = []
    while true {
      scanner.skipSpaces()
      guard let scalar = scanner.source.peek() else { throw .syntax("a tag that does not end", line: start) }
      let sign = scalar == "-" || (scalar == "+" && closing == "%") ? 1 : 0
      if brackets.isEmpty, scanner.source.peek(sign) == closing, scanner.source.peek(sign &+ 1) == "}" {
        tokens.append(TemplateToken(kind: end, line: scanner.line))
        (source, line) = (scanner.source, scanner.line)
        source.advance(sign &+ 2)
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
