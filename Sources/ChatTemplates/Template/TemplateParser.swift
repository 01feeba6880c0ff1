/// Builds the statements of a template from its tokens.
struct TemplateParser {
  private var tokens: TemplateCursor<TemplateToken>
  /// How many statements and brackets are open.
  private var nesting = 0

  init(_ tokens: [TemplateToken]) { self.tokens = TemplateCursor(tokens) }

  mutating func parse() throws(ChatTemplateError) -> [TemplateNode] {
    let nodes = try body(until: [])
    guard current.kind == .end else { throw unexpected() }
    return nodes
  }

  var current: TemplateToken {
    tokens.peek() ?? TemplateToken(kind: .end, line: tokens.items.last?.line ?? 1)
  }

  var next: TemplateToken { tokens.peek(1) ?? TemplateToken(kind: .end, line: current.line) }

  mutating func advance() { tokens.advance() }

  var position: Int { tokens.position }

  /// Whether a name was read since a position.
  func hasRead(_ name: String, since start: Int) -> Bool {
    tokens.read(since: start).contains { $0.kind == .name(name) }
  }

  func unexpected(_ expected: String? = nil) -> ChatTemplateError {
    .syntax("unexpected \(current.spelling)" + (expected.map { ", expected \($0)" } ?? ""), line: current.line)
  }

  mutating func accept(_ kind: TemplateToken.Kind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }

  mutating func expect(_ kind: TemplateToken.Kind) throws(ChatTemplateError) {
    guard accept(kind) else { throw unexpected(TemplateToken(kind: kind, line: 0).spelling) }
  }

  mutating func name() throws(ChatTemplateError) -> String {
    guard case .name(let name) = current.kind else { throw unexpected("a name") }
    advance()
    return name
  }

  /// Runs `parse` one level deeper; the levels are bounded.
  mutating func nested<Result>(
    limit: Int = ChatTemplate.Limits.expressionDepth,
    _ parse: (inout TemplateParser) throws(ChatTemplateError) -> Result
  ) throws(ChatTemplateError) -> Result {
    guard nesting < limit else { throw .limitExceeded("\(limit) nested constructs", line: current.line) }
    nesting &+= 1
    defer { nesting &-= 1 }
    return try parse(&self)
  }

  /// The nodes up to a statement named by one of `ends`, whose `{%` is consumed and whose name is current.
  mutating func body(until ends: Set<String>) throws(ChatTemplateError) -> [TemplateNode] {
    var nodes: [TemplateNode] = []
    while true {
      switch current.kind {
      case .text(let scalars):
        advance()
        nodes.append(.text(TemplateString(scalars, isTrusted: true)))
      case .outputBegin:
        advance()
        nodes.append(.output(try tuple()))
        try expect(.outputEnd)
      case .statementBegin:
        if case .name(let keyword) = next.kind, ends.contains(keyword) {
          advance()
          return nodes
        }
        advance()
        nodes += try nested(limit: ChatTemplate.Limits.statementDepth) { parser throws(ChatTemplateError) in
          try parser.statement()
        }
      default:
        guard ends.isEmpty else { throw unexpected("{% \(ends.sorted().joined(separator: " %} or {% ")) %}") }
        return nodes
      }
    }
  }
}
