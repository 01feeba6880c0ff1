extension TemplateEvaluator {
  // Traps: never (template-depth).
  func evaluate(_ expression: TemplateExpression) throws(ChatTemplateError) -> TemplateValue {
    let line = expression.line
    try step(line: line)
    try enter(line: line)
    defer { leave() }
    switch expression.kind {
    case .literal(let value): return value
    case .variable(let name): return value(of: name)
    case .list(let items): return try .list(try evaluate(items), line: line)
    case .tuple(let items): return try .list(try evaluate(items), kind: .tuple, line: line)
    case .dictionary(let keys, let values): return try dictionary(keys, values, line: line)
    case .attribute(let base, let name): return try attribute(name, of: try evaluate(base), line: line)
    case .item(let base, let index): return try item(try evaluate(index), of: try evaluate(base), line: line)
    case .slice(let base, let start, let stop, let step):
      return try slice(
        of: try evaluate(base), from: try limit(start, line: line), to: try limit(stop, line: line),
        by: try limit(step, line: line) ?? 1, line: line)
    case .call(let callee, let arguments): return try call(callee, try evaluate(arguments, line: line))
    case .filter(let base, let name, let arguments):
      return try filter(name, try evaluate(base), try evaluate(arguments, line: line))
    case .test(let base, let name, let arguments):
      return .bool(try test(name, try evaluate(base), try evaluate(arguments, line: line)))
    case .not(let operand): return .bool(!(try evaluate(operand).isTrue))
    case .negative(let operand): return try binary("-", .int(0), try evaluate(operand), line: line)
    case .binary("and", let left, let right):
      let value = try evaluate(left)
      return value.isTrue ? try evaluate(right) : value
    case .binary("or", let left, let right):
      let value = try evaluate(left)
      return value.isTrue ? value : try evaluate(right)
    case .binary(let name, let left, let right):
      return try binary(name, try evaluate(left), try evaluate(right), line: line)
    case .comparison(let first, let operators, let others): return try compare(first, operators, others, line: line)
    case .conditional(let condition, let then, let otherwise):
      if try evaluate(condition).isTrue { return try evaluate(then) }
      guard let otherwise else { return .undefined(name: "else") }
      return try evaluate(otherwise)
    }
  }

  func evaluate(_ expressions: [TemplateExpression]) throws(ChatTemplateError) -> [TemplateValue] {
    var values: [TemplateValue] = []
    for expression in expressions { values.append(try evaluate(expression)) }
    return values
  }

  func evaluate(
    _ arguments: TemplateExpression.Arguments, line: Int
  ) throws(ChatTemplateError) -> TemplateArguments {
    var named = TemplateDictionary()
    for (name, expression) in zip(arguments.names, arguments.named) {
      try named.set(TemplateString(name), try evaluate(expression), line: line)
    }
    var positional = try evaluate(arguments.positional)
    if let spread = arguments.spread { positional += try elements(of: try evaluate(spread), line: line) }
    if let spread = arguments.spreadNamed {
      guard case .dictionary(let more) = try evaluate(spread) else {
        throw .evaluation("'**' before what is no mapping", line: line)
      }
      for (key, value) in more.entries { try named.set(key, value, line: line) }
    }
    return TemplateArguments(positional: positional, named: named, line: line)
  }

  private func dictionary(
    _ keys: [TemplateExpression], _ values: [TemplateExpression], line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    var result = TemplateDictionary()
    for (key, value) in zip(keys, values) {
      try result.set(try evaluate(key), try evaluate(value), line: line)
    }
    return .dictionary(result)
  }

  private func compare(
    _ first: TemplateExpression, _ operators: [String], _ others: [TemplateExpression], line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    var left = try evaluate(first)
    for (name, other) in zip(operators, others) {
      let right = try evaluate(other)
      guard try holds(name, left, right, line: line) else { return .bool(false) }
      left = right
    }
    return .bool(true)
  }

  func attribute(_ name: String, of base: TemplateValue, line: Int) throws(ChatTemplateError) -> TemplateValue {
    switch base {
    case .undefined(let missing): throw .evaluation("'\(missing)' is undefined, it has no '\(name)'", line: line)
    // As Python: a method comes before a member, `schema.items` is no member of the schema.
    case .dictionary(let value):
      return Self.mappingMethods.contains(name) ? .function(name) : value[name] ?? .undefined(name: name)
    case .string where Self.stringMethods.contains(name), .list where Self.listMethods.contains(name):
      return .function(name)
    case .namespace(let index): return namespaces[at: index]?[name] ?? .undefined(name: name)
    case .loop(let index): return try loopAttribute(name, of: index, line: line)
    case .macro(let number) where name == "name":
      return macros[at: number].map { .text($0.macro.name) } ?? .undefined(name: name)
    case .macro(let number) where name == "arguments":
      let parameters = macros[at: number]?.macro.parameters ?? []
      return try .list(parameters.map { .text($0.name) }, kind: .tuple, line: line)
    default: return .undefined(name: name)
    }
  }

  private func loopAttribute(_ name: String, of number: Int, line: Int) throws(ChatTemplateError) -> TemplateValue {
    guard let loop = loops[at: number] else { return .undefined(name: "loop") }
    let (count, next) = (loop.items.count, loop.index &+ 1)
    switch name {
    case "index": return .int(next)
    case "index0": return .int(loop.index)
    case "revindex": return .int(count &- loop.index)
    case "revindex0": return .int(count &- next)
    case "first": return .bool(loop.index == 0)
    case "last": return .bool(next == count)
    case "length": return .int(count)
    case "depth": return .int(loop.depth &+ 1)
    case "depth0": return .int(loop.depth)
    case "cycle", "changed": return .function("loop.\(name)")
    case "previtem": return loop.items[at: loop.index &- 1] ?? .undefined(name: name)
    case "nextitem": return loop.items[at: next] ?? .undefined(name: name)
    default: throw .unsupported("loop.\(name)", line: line)
    }
  }

  func item(
    _ index: TemplateValue, of base: TemplateValue, line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    switch (base, index) {
    case (.undefined(let missing), _): throw .evaluation("'\(missing)' is undefined, it has no items", line: line)
    case (.dictionary(let dictionary), _) where dictionary[index] != nil:
      return dictionary[index] ?? .undefined(name: "item")
    case (.list(let list), .int) where list.kind == .generator: return .undefined(name: "item")
    case (.list, .int), (.string, .int), (.list, .bool), (.string, .bool):
      guard let index = index.integer else { return .undefined(name: "item") }
      return try at(index, of: base, line: line)
    case (_, .string(let key)): return try attribute(key.text, of: base, line: line)
    default: return .undefined(name: "item")
    }
  }

  /// The element of a list or string at `index`, from the end when negative.
  private func at(_ index: Int, of base: TemplateValue, line: Int) throws(ChatTemplateError) -> TemplateValue {
    func position(of count: Int) -> Int { index < 0 ? index &+ count : index }
    let found: TemplateValue? =
      switch base {
      case .list(let list): list.items[at: position(of: list.items.count)]
      case .string(let string): string[at: position(of: string.count)].map { .string($0) }
      default: nil
      }
    return found ?? .undefined(name: "item \(index)")
  }

  /// Python's `base[start:stop:step]`.
  private func slice(
    of base: TemplateValue, from start: Int?, to stop: Int?, by step: Int, line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    guard step != 0 else { throw .evaluation("a slice with step 0", line: line) }
    switch base {
    case .list(let list):
      try charge(list.items.count, line: line)
      let positions = Self.positions(of: list.items.count, start, stop, step)
      guard list.kind != .generator else { throw .evaluation("a slice of a generator", line: line) }
      return try .list(positions.compactMap { list.items[at: $0] }, kind: list.kind, line: line)
    case .string(let string):
      try charge(string.count, line: line)
      let positions = Self.positions(of: string.count, start, stop, step)
      guard step != 1 else {
        return .string(string.part(from: positions.first ?? 0, to: (positions.last ?? -1) &+ 1))
      }
      return .string(TemplateString().joining(positions.compactMap { string[at: $0] }))
    default: throw .evaluation("a slice of \(base.kind)", line: line)
    }
  }

  private func limit(_ bound: TemplateExpression?, line: Int) throws(ChatTemplateError) -> Int? {
    guard let bound, case let value = try evaluate(bound), value != .none else { return nil }
    guard let limit = value.integer else { throw .evaluation("a slice by \(value.kind)", line: line) }
    return limit
  }

  /// The positions of a slice, each of something that there is; none if the step is 0.
  private static func positions(of count: Int, _ start: Int?, _ stop: Int?, _ step: Int) -> [Int] {
    let (least, most) = step > 0 ? (0, count) : (-1, count &- 1)
    func clamped(_ index: Int) -> Int {
      let position = index < 0 ? max(index, ~count) &+ count : index
      return min(max(position, least), most)
    }
    let first = start.map(clamped) ?? (step > 0 ? 0 : count &- 1)
    let end = stop.map(clamped) ?? (step > 0 ? count : -1)
    let stride = min(max(step, ~count), count &+ 1)
    var positions: [Int] = []
    var position = first
    while step > 0 ? position < end : step < 0 && position > end {
      positions.append(position)
      position &+= stride
    }
    return positions
  }
}
