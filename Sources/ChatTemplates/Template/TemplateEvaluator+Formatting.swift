import HeddleText

/// Python's two ways to put values into a text: `'{} {name}'.format(…)` and `'%s %d' % …`.
extension TemplateEvaluator {
  func formatted(
    _ format: TemplateString, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateString {
    let line = arguments.line
    var result = TemplateString()
    var cursor = TemplateCursor(format.scalars)
    var automatic = 0
    var start = 0
    while let scalar = cursor.peek() {
      guard scalar == "{" || scalar == "}" else {
        cursor.advance()
        continue
      }
      result.append(format.part(from: start, to: cursor.position))
      cursor.advance()
      if cursor.peek() == scalar {
        result.append(format.part(from: cursor.position, to: cursor.position &+ 1))
        cursor.advance()
      } else {
        guard scalar == "{" else { throw .evaluation("a single '}' in a format", line: line) }
        result.append(try field(&cursor, format, arguments, &automatic))
      }
      start = cursor.position
      try charge(result.count, line: line)
    }
    result.append(format.part(from: start))
    return result
  }

  /// What stands for `{name.attribute[item]!r:specification}`, from after its opening brace to after its closing one.
  private func field(
    _ cursor: inout TemplateCursor<Unicode.Scalar>, _ format: TemplateString, _ arguments: TemplateArguments,
    _ automatic: inout Int
  ) throws(ChatTemplateError) -> TemplateString {
    let line = arguments.line
    func name(until ends: String) -> String {
      let start = cursor.position
      while let scalar = cursor.peek(), !ends.unicodeScalars.contains(scalar) { cursor.advance() }
      return format.part(from: start, to: cursor.position).text
    }
    let first = name(until: ".[!:}")
    let found: TemplateValue?
    if first.isEmpty {
      found = arguments.positional[at: automatic]
      automatic &+= 1
    } else {
      found = Int(first).map { arguments.positional[at: $0] } ?? arguments.named[first]
    }
    guard var value = found else { throw .evaluation("a format without a value for '\(first)'", line: line) }
    while let mark = cursor.peek(), mark == "." || mark == "[" {
      cursor.advance()
      let key = name(until: mark == "." ? ".[!:}" : "]")
      if mark == "." {
        value = try attribute(key, of: value, line: line)
      } else {
        cursor.advance()
        value = try item(Int(key).map { .int($0) } ?? .text(key), of: value, line: line)
      }
    }
    if cursor.peek() == "!" {
      let conversion = cursor.peek(1)
      cursor.advance(2)
      value = .string(
        conversion == "r" ? try representation(of: value, line: line) : try text(of: value, line: line))
    }
    var specification = TemplateString()
    if cursor.peek() == ":" {
      cursor.advance()
      let start = cursor.position
      _ = name(until: "}")
      specification = format.part(from: start, to: cursor.position)
    }
    guard cursor.peek() == "}" else { throw .evaluation("a format with a '{' that does not end", line: line) }
    cursor.advance()
    guard let layout = TemplateNumberFormat(specification) else {
      throw .unsupported("the format '\(specification.text)'", line: line)
    }
    return try laidOut(value, layout, line: line)
  }

  /// Python's `format % values`.
  func interpolated(
    _ format: TemplateString, _ values: [TemplateValue], named: TemplateValue? = nil, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    var result = TemplateString()
    var cursor = TemplateCursor(format.scalars)
    var values = values.makeIterator()
    var start = 0
    while let scalar = cursor.peek() {
      guard scalar == "%" else {
        cursor.advance()
        continue
      }
      result.append(format.part(from: start, to: cursor.position))
      cursor.advance()
      var key: String?
      if cursor.peek() == "(" {
        let begin = cursor.position &+ 1
        while let scalar = cursor.peek(), scalar != ")" { cursor.advance() }
        key = format.part(from: begin, to: cursor.position).text
        cursor.advance()
      }
      var layout = TemplateNumberFormat()
      layout.alignment = ">"
      while let flag = cursor.peek(), "-+ 0#".unicodeScalars.contains(flag) {
        switch flag {
        case "-": layout.alignment = "<"
        case "0": if layout.alignment != "<" { (layout.alignment, layout.fill) = ("=", "0") }
        case "#": break
        default: layout.sign = flag
        }
        cursor.advance()
      }
      layout.width = TemplateNumberFormat.number(&cursor) ?? 0
      if cursor.peek() == "." {
        cursor.advance()
        layout.precision = TemplateNumberFormat.number(&cursor) ?? 0
      }
      guard let type = cursor.peek() else { throw .evaluation("a format that ends after '%'", line: line) }
      cursor.advance()
      start = cursor.position
      if type == "%" {
        result.append("%")
        continue
      }
      layout.type = type
      guard
        var value = try key.map({ key throws(ChatTemplateError) in
          try item(.text(key), of: named ?? .none, line: line)
        }) ?? values.next()
      else { throw .evaluation("a format with more places than values", line: line) }
      if type == "r" { value = .string(try representation(of: value, line: line)) }
      if type == "s" || type == "r" {
        value = .string(try text(of: value, line: line))
        layout.type = "s"
      } else if "diu".unicodeScalars.contains(type), case .float(let number) = value {
        value = .int(Int(exactly: number.rounded(.towardZero)) ?? 0)
      }
      result.append(try laidOut(value, layout, line: line))
      try charge(result.count, line: line)
    }
    guard values.next() == nil else { throw .evaluation("a format with fewer places than values", line: line) }
    result.append(format.part(from: start))
    return result
  }

  private func laidOut(
    _ value: TemplateValue, _ layout: TemplateNumberFormat, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    try charge(layout.width &* 4, line: line)
    let isNumber = value.number != nil && !(value.isBool && layout.type == nil)
    if isNumber, layout.type != "s" {
      guard let text = layout.text(of: layout.wantsFloat ? .float(value.number ?? 0) : value) else {
        throw .unsupported("a number in the format '\(layout.type.map { String($0) } ?? "")'", line: line)
      }
      return layout.justified(TemplateString(text), isNumber: true)
    }
    guard layout.type == nil || layout.type == "s" else { throw .evaluation("\(value.kind) as a number", line: line) }
    var text = try self.text(of: value, line: line)
    if let precision = layout.precision { text = text.part(from: 0, to: precision) }
    return layout.justified(text, isNumber: false)
  }
}

extension TemplateNumberFormat {
  fileprivate var wantsFloat: Bool { type.map { "fF%".unicodeScalars.contains($0) } ?? false }
}

extension TemplateValue {
  fileprivate var isBool: Bool { if case .bool = self { true } else { false } }
}
