import HeddleText

extension Dimension {
  /// Reads an expression: `2*past + tokens - 1`, `ceil((past + tokens)/64)`.
  ///
  ///     sum      = product { ("+" | "-") product }
  ///     product  = factor { "*" factor }
  ///     factor   = "-" factor | integer | symbol | "(" sum ")" | "ceil" "(" product "/" integer ")"
  ///     symbol   = letter { letter | digit | "." }                 of ASCII; "_" is a letter
  ///
  /// `·` stands for `*`, `−` for `-` and `⌈product/integer⌉` for `ceil`, so that what ``description`` says can be read.
  ///
  /// - Throws: ``TypeError/invalidDimension(_:_:)``, also for a text of more than ``maximumTextLength`` bytes or brackets
  ///   deeper than ``maximumTextDepth``; ``TypeError/dimensionOverflow(_:)`` if the value ``isOverflowed``.
  public init(parsing text: String) throws(TypeError) {
    let length = text.utf8.count
    guard length <= Dimension.maximumTextLength else {
      throw .invalidDimension(
        String(text.prefix(32)) + "…", "it has \(length) bytes, at most \(Dimension.maximumTextLength) are read")
    }
    var parser = DimensionParser(text)
    let dimension = try parser.whole()
    guard !dimension.isOverflowed else { throw .dimensionOverflow(text) }
    self = dimension
  }

  /// The most bytes of an expression that is read.
  public static let maximumTextLength = 4096
  /// How deep brackets and signs may be nested.
  public static let maximumTextDepth = 64

  /// The expression in ASCII; nil if ``init(parsing:)`` would not give this value back.
  public var expression: String? {
    let text = spelled(isASCII: true)
    return (try? Dimension(parsing: text)) == self ? text : nil
  }
}

extension Dimension: CustomStringConvertible {
  public var description: String { isOverflowed ? "(overflow)" : spelled(isASCII: false) }

  // Traps: never (quotient-depth).
  private func spelled(isASCII: Bool) -> String {
    if terms.isEmpty { return "0" }
    // Numbers last: "past + tokens - 1" reads better than "-1 + past + tokens".
    let ordered = terms.filter { !$0.factors.isEmpty } + terms.filter(\.factors.isEmpty)
    var text = ""
    for (index, term) in ordered.enumerated() {
      let magnitude = term.coefficient.magnitude
      let sign = term.coefficient < 0 ? (index == 0 ? "-" : " - ") : (index == 0 ? "" : " + ")
      let numbers = magnitude == 1 && !term.factors.isEmpty ? [] : ["\(magnitude)"]
      let product = numbers + term.factors.map { isASCII ? $0.asciiText : $0.description }
      text += sign + product.joined(separator: isASCII ? "*" : "·")
    }
    return text
  }

  fileprivate var asciiText: String { spelled(isASCII: true) }
}

extension Dimension.Atom: CustomStringConvertible {
  public var description: String {
    switch self {
    case .symbol(let symbol): symbol.name
    case .ceilingQuotient(let dimension, let divisor): "⌈(\(dimension))/\(divisor)⌉"
    }
  }

  fileprivate var asciiText: String {
    switch self {
    case .symbol(let symbol): symbol.name
    case .ceilingQuotient(let dimension, let divisor):
      dimension.terms.count == 1
        ? "ceil(\(dimension.asciiText)/\(divisor))" : "ceil((\(dimension.asciiText))/\(divisor))"
    }
  }
}

/// Reads the grammar of ``Dimension/init(parsing:)``, one method a rule.
private struct DimensionParser {
  private let text: String
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  mutating func whole() throws(TypeError) -> Dimension {
    let value = try sum()
    guard next == nil else { throw unexpected("an operator or the end") }
    return value
  }

  // Traps: never (text-depth).
  private mutating func sum() throws(TypeError) -> Dimension {
    var value = try product()
    while true {
      if take("+") {
        value = value + (try product())
      } else if take("-", "−") {
        value = value - (try product())
      } else {
        return value
      }
    }
  }

  private mutating func product() throws(TypeError) -> Dimension {
    var value = try factor()
    while take("*", "·") { value = value * (try factor()) }
    return value
  }

  private mutating func factor() throws(TypeError) -> Dimension {
    depth &+= 1
    defer { depth &-= 1 }
    guard depth <= Dimension.maximumTextDepth else {
      throw invalid("it is nested deeper than \(Dimension.maximumTextDepth)")
    }
    if take("-", "−") { return Dimension(-1) * (try factor()) }
    if take("(") {
      let value = try sum()
      guard take(")") else { throw unexpected("an operator or ')'") }
      return value
    }
    if take("⌈") { return try quotient(end: "⌉") }
    guard let next else { throw unexpected("a number, a symbol or '('") }
    if next.isASCIIDigit { return Dimension(try integer()) }
    guard next.isASCIILetter else { throw unexpected("a number, a symbol or '('") }
    let name = taking { $0.isASCIILetter || $0.isASCIIDigit || $0 == "." }
    if name == "ceil", take("(") { return try quotient(end: ")") }
    return Dimension(Symbol(name))
  }

  /// `product "/" integer`: a sum stands in parentheses, so that `ceil(a + b/2)` cannot be taken for two things.
  private mutating func quotient(end: Unicode.Scalar) throws(TypeError) -> Dimension {
    let dividend = try product()
    guard take("/") else { throw unexpected("'*' or '/', with a sum before it in parentheses,") }
    guard next?.isASCIIDigit == true else { throw unexpected("a number") }
    let divisor = try integer()
    guard divisor > 0 else { throw invalid("it divides by 0") }
    guard take(end) else { throw unexpected("'\(end)'") }
    return dividend.dividedRoundingUp(by: divisor)
  }

  private mutating func integer() throws(TypeError) -> Int {
    let digits = taking(\.isASCIIDigit)
    guard let value = Int(digits) else { throw invalid("\(digits.prefix(32)) does not fit 64 bits") }
    return value
  }

  /// What comes after spaces; nil at the end.
  private var next: Unicode.Scalar? {
    mutating get {
      while scalars[at: position] == " " { position &+= 1 }
      return scalars[at: position]
    }
  }

  private mutating func take(_ choices: Unicode.Scalar...) -> Bool {
    guard let next, choices.contains(next) else { return false }
    position &+= 1
    return true
  }

  private mutating func taking(_ isPart: (Unicode.Scalar) -> Bool) -> String {
    let part = scalars.part(from: position).prefix(while: isPart)
    position &+= part.count
    return String(String.UnicodeScalarView(part))
  }

  private func invalid(_ problem: String) -> TypeError { .invalidDimension(text, problem) }

  private mutating func unexpected(_ expected: String) -> TypeError {
    let found = next.map { "not '\($0.escaped(asASCII: false))'" } ?? "not the end"
    return invalid("at character \(position &+ 1) \(expected) must stand, \(found)")
  }
}

extension Unicode.Scalar {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
  fileprivate var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" }
}
