/// An expression of a template. Its depth is bounded when it is made, so evaluating it cannot exhaust the stack.
struct TemplateExpression: Sendable {
  indirect enum Kind: Sendable {
    case literal(TemplateValue)
    case variable(String)
    case list([TemplateExpression])
    case tuple([TemplateExpression])
    case dictionary([TemplateExpression], values: [TemplateExpression])
    case attribute(TemplateExpression, String)
    case item(TemplateExpression, TemplateExpression)
    case slice(TemplateExpression, start: TemplateExpression?, stop: TemplateExpression?, step: TemplateExpression?)
    case call(TemplateExpression, Arguments)
    case filter(TemplateExpression, String, Arguments)
    case test(TemplateExpression, String, Arguments)
    case not(TemplateExpression)
    case negative(TemplateExpression)
    case binary(String, TemplateExpression, TemplateExpression)
    /// `a < b <= c`: holds when every neighbouring pair compares so.
    case comparison(TemplateExpression, operators: [String], [TemplateExpression])
    case conditional(TemplateExpression, then: TemplateExpression, otherwise: TemplateExpression?)
  }

  struct Arguments: Sendable {
    var positional: [TemplateExpression] = []
    var names: [String] = []
    var named: [TemplateExpression] = []
    /// `*list`, `**mapping`
    var spread: TemplateExpression?
    var spreadNamed: TemplateExpression?

    var expressions: [TemplateExpression] { positional + named + [spread, spreadNamed].compactMap { $0 } }
  }

  let kind: Kind
  let line: Int
  let depth: Int

  init(_ kind: Kind, line: Int) throws(ChatTemplateError) {
    self.kind = kind
    self.line = line
    depth = 1 &+ (Self.children(of: kind).lazy.map(\.depth).max() ?? 0)
    guard depth <= ChatTemplate.Limits.expressionDepth else {
      throw .limitExceeded("\(ChatTemplate.Limits.expressionDepth) nested expressions", line: line)
    }
  }

  private static func children(of kind: Kind) -> [TemplateExpression] {
    switch kind {
    case .literal, .variable: []
    case .list(let items), .tuple(let items): items
    case .dictionary(let keys, let values): keys + values
    case .attribute(let base, _), .not(let base), .negative(let base): [base]
    case .item(let left, let right), .binary(_, let left, let right): [left, right]
    case .slice(let base, let start, let stop, let step): [base] + [start, stop, step].compactMap { $0 }
    case .call(let base, let arguments), .filter(let base, _, let arguments), .test(let base, _, let arguments):
      [base] + arguments.expressions
    case .comparison(let first, _, let others): [first] + others
    case .conditional(let condition, let then, let otherwise): [condition, then] + [otherwise].compactMap { $0 }
    }
  }
}
