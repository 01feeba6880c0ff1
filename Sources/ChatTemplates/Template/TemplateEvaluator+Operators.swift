extension TemplateEvaluator {
  func binary(
    _ name: String, _ left: TemplateValue, _ right: TemplateValue, line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    switch (name, left, right) {
    case ("~", _, _):
      let texts = (try text(of: left, line: line), try text(of: right, line: line))
      return .string(try concatenated(texts.0, texts.1, line: line))
    case ("+", .string(let left), .string(let right)):
      guard left.isMarkup || right.isMarkup else { return .string(try concatenated(left, right, line: line)) }
      var sum = try concatenated(left.escaped, right.escaped, line: line)
      sum.isMarkup = true
      return .string(sum)
    case ("+", .list(let left), .list(let right)):
      try charge(Self.elementCharge(left.items.count &+ right.items.count), line: line)
      guard left.kind == right.kind, left.kind != .generator else {
        throw .evaluation("'+' between a list and what is none", line: line)
      }
      return try .list(left.items + right.items, kind: left.kind, line: line)
    case ("*", .string(let string), _): return try repeated(string, right, line: line)
    case ("*", _, .string(let string)): return try repeated(string, left, line: line)
    case ("*", .list(let list), .int(let count)), ("*", .int(let count), .list(let list)):
      var items: [TemplateValue] = []
      for _ in stride(from: 0, to: count, by: 1) {
        try charge(Self.elementCharge(max(list.items.count, 1)), line: line)
        items += list.items
      }
      return try .list(items, kind: list.kind, line: line)
    case ("%", .string(let format), .list(let values)) where values.kind == .tuple:
      return .string(try interpolated(format, values.items, line: line))
    case ("%", .string(let format), .dictionary):
      return .string(try interpolated(format, [], named: right, line: line))
    case ("%", .string(let format), _): return .string(try interpolated(format, [right], line: line))
    case ("**", _, _): return try power(left, right, line: line)
    default: return try arithmetic(name, left, right, line: line)
    }
  }

  private func concatenated(
    _ left: TemplateString, _ right: TemplateString, line: Int
  ) throws(ChatTemplateError) -> TemplateString {
    try charge(left.count &+ right.count, line: line)
    var result = left
    result.isMarkup = false
    result.append(right)
    return result
  }

  private func repeated(
    _ string: TemplateString, _ count: TemplateValue, line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    guard let count = count.integer else { throw .evaluation("a string times \(count.kind)", line: line) }
    let (size, overflow) = string.count.multipliedReportingOverflow(by: max(count, 0))
    try charge(overflow ? .max : size, line: line)
    return .string(string.repeated(count))
  }

  private func arithmetic(
    _ name: String, _ left: TemplateValue, _ right: TemplateValue, line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    if name != "/", let left = left.integer, let right = right.integer {
      return .int(try integers(name, left, right, line: line))
    }
    guard let first = left.number, let second = right.number else {
      throw .evaluation("'\(name)' between \(left.kind) and \(right.kind)", line: line)
    }
    if name != "+", name != "-", name != "*", second == 0 { throw .evaluation("a division by zero", line: line) }
    switch name {
    case "+": return .float(first + second)
    case "-": return .float(first - second)
    case "*": return .float(first * second)
    case "/": return .float(first / second)
    case "//": return .float((first / second).rounded(.down))
    default: return .float(first - (first / second).rounded(.down) * second)
    }
  }

  /// Repeated products: of whole numbers as far as 64 bits go, and by whole exponents.
  private func power(
    _ base: TemplateValue, _ exponent: TemplateValue, line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    guard let exponent = exponent.integer, exponent.magnitude <= 4096, let number = base.number else {
      throw .unsupported("\(base.kind) to the power of \(exponent.kind)", line: line)
    }
    if let integer = base.integer, exponent >= 0 {
      var result = 1
      for _ in stride(from: 0, to: exponent, by: 1) { result = try integers("*", result, integer, line: line) }
      return .int(result)
    }
    if number == 0, exponent < 0 { throw .evaluation("a division by zero", line: line) }
    var result = 1.0
    for _ in 0..<exponent.magnitude { result *= number }
    return .float(exponent < 0 ? 1 / result : result)
  }

  /// Python's integers, as far as 64 bits go; division rounds down.
  private func integers(_ name: String, _ left: Int, _ right: Int, line: Int) throws(ChatTemplateError) -> Int {
    let result: (partialValue: Int, overflow: Bool)
    switch name {
    case "+": result = left.addingReportingOverflow(right)
    case "-": result = left.subtractingReportingOverflow(right)
    case "*": result = left.multipliedReportingOverflow(by: right)
    default:
      guard right != 0 else { throw .evaluation("a division by zero", line: line) }
      let quotient = left.dividedReportingOverflow(by: right)
      let remainder = left.remainderReportingOverflow(dividingBy: right).partialValue
      let roundsDown = remainder != 0 && (remainder < 0) != (right < 0)
      if name == "//" {
        result = (quotient.partialValue &- (roundsDown ? 1 : 0), quotient.overflow)
      } else {
        result = (remainder &+ (roundsDown ? right : 0), false)
      }
    }
    guard !result.overflow else { throw .evaluation("\(left) \(name) \(right) does not fit 64 bits", line: line) }
    return result.partialValue
  }

  func holds(
    _ name: String, _ left: TemplateValue, _ right: TemplateValue, line: Int
  ) throws(ChatTemplateError) -> Bool {
    switch name {
    case "==": return left == right
    case "!=": return left != right
    case "in": return try contains(right, left, line: line)
    case "not in": return try !contains(right, left, line: line)
    default: break
    }
    if let left = left.number, let right = right.number { return Self.ordered(name, left, right) }
    guard let order = Self.order(left, right) else {
      throw .evaluation("'\(name)' between \(left.kind) and \(right.kind)", line: line)
    }
    if order == 0 { return name == "<=" || name == ">=" }
    return (order < 0) == (name == "<" || name == "<=")
  }

  private static func ordered(_ name: String, _ left: Double, _ right: Double) -> Bool {
    switch name {
    case "<": left < right
    case "<=": left <= right
    case ">": left > right
    default: left >= right
    }
  }

  private func contains(
    _ container: TemplateValue, _ value: TemplateValue, line: Int
  ) throws(ChatTemplateError) -> Bool {
    switch (container, value) {
    case (.string(let text), .string(let part)):
      try chargeSearch(text, for: part, line: line)
      return text.firstIndex(of: part) != nil
    case (.list(let list), _):
      try charge(list.items.count, line: line)
      return list.items.contains(value)
    case (.dictionary(let dictionary), _): return dictionary[value] != nil
    case (.undefined, _): return false
    default: throw .evaluation("'in' between \(value.kind) and \(container.kind)", line: line)
    }
  }

  /// A search compares at most every scalar of one text with every scalar of the other, and most end at the first.
  func chargeSearch(_ text: TemplateString, for part: TemplateString, line: Int) throws(ChatTemplateError) {
    let (product, overflow) = text.count.multipliedReportingOverflow(by: max(part.count, 1))
    try charge(overflow ? .max : text.count &+ product / 16, line: line)
  }

  /// An element of a list takes as much memory as many scalars of a text.
  private static func elementCharge(_ count: Int) -> Int {
    let (product, overflow) = count.multipliedReportingOverflow(by: 32)
    return overflow ? .max : product
  }

  /// What a `for` goes over: elements of a list, keys of a mapping, characters of a string, nothing of undefined.
  func elements(of value: TemplateValue, line: Int) throws(ChatTemplateError) -> [TemplateValue] {
    switch value {
    case .list(let list): return list.items
    case .dictionary(let dictionary): return dictionary.entries.map(\.key)
    case .string(let string):
      try charge(Self.elementCharge(string.count), line: line)
      return string.scalars.indices.compactMap { index in string[at: index].map { .string($0) } }
    case .undefined: return []
    default: throw .evaluation("\(value.kind) has no elements", line: line)
    }
  }
}
