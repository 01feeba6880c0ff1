extension TemplateEvaluator {
  // Traps: never, `enter` bounds the depth.
  func evaluate(_ expression: TemplateExpression) throws(ChatTemplateError) -> TemplateValue {
    let line = expression.line
    try step(line: line)
    try enter(line: line)
    defer { leave() }
    switch expression.kind {
    case .literal(let value): return value
    case .variable(let name): return value(of: name)
    case .list(let items): return .list(try TemplateList(try evaluate(items), line: line))
    case .dictionary(let keys, let values): return try dictionary(keys, values, line: line)
    case .attribute(let base, let name): return try attribute(name, of: try evaluate(base), line: line)
    case .item(let base, let index): return try item(try evaluate(index), of: try evaluate(base), line: line)
    case .slice(let base, let start, let stop, let step):
      return try slice(of: try evaluate(base), [start, stop, step], line: line)
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

  private func evaluate(
    _ arguments: TemplateExpression.Arguments, line: Int
  ) throws(ChatTemplateError) -> TemplateArguments {
    var named: [String: TemplateValue] = [:]
    for (name, expression) in zip(arguments.names, arguments.named) { named[name] = try evaluate(expression) }
    return TemplateArguments(positional: try evaluate(arguments.positional), named: named, line: line)
  }

  private func dictionary(
    _ keys: [TemplateExpression], _ values: [TemplateExpression], line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    var result = TemplateDictionary()
    for (key, value) in zip(keys, values) {
      guard case .string(let key) = try evaluate(key) else { throw .unsupported("a key that is no string", line: line) }
      try result.set(key, try evaluate(value), line: line)
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

  // Traps: never, namespaces are made before values that name them, and stay.
  func attribute(_ name: String, of base: TemplateValue, line: Int) throws(ChatTemplateError) -> TemplateValue {
    switch base {
    case .undefined(let missing): throw .evaluation("'\(missing)' is undefined, it has no '\(name)'", line: line)
    case .dictionary(let value): return value[name] ?? .undefined(name: name)
    case .namespace(let index): return namespaces[index][name] ?? .undefined(name: name)
    case .loop(let index): return try loopAttribute(name, of: index, line: line)
    default: return .undefined(name: name)
    }
  }

  // Traps: never, the index is one of the loop's items.
  private func loopAttribute(_ name: String, of number: Int, line: Int) throws(ChatTemplateError) -> TemplateValue {
    guard loops.indices.contains(number) else { return .undefined(name: "loop") }
    let loop = loops[number]
    let count = loop.items.count
    switch name {
    case "index": return .int(loop.index + 1)
    case "index0": return .int(loop.index)
    case "revindex": return .int(count - loop.index)
    case "revindex0": return .int(count - loop.index - 1)
    case "first": return .bool(loop.index == 0)
    case "last": return .bool(loop.index == count - 1)
    case "length": return .int(count)
    case "depth": return .int(number + 1)
    case "depth0": return .int(number)
    case "previtem": return loop.index > 0 ? loop.items[loop.index - 1] : .undefined(name: name)
    case "nextitem": return loop.index + 1 < count ? loop.items[loop.index + 1] : .undefined(name: name)
    default: throw .unsupported("loop.\(name)", line: line)
    }
  }

  private func item(
    _ index: TemplateValue, of base: TemplateValue, line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    switch (base, index) {
    case (.undefined(let missing), _): throw .evaluation("'\(missing)' is undefined, it has no items", line: line)
    case (.list, _), (.string, _):
      guard let index = index.integer else { return .undefined(name: "item") }
      return try at(index, of: base, line: line)
    case (_, .string(let key)): return try attribute(key.text, of: base, line: line)
    default: return .undefined(name: "item")
    }
  }

  // Traps: never, the index is compared with the count.
  /// The element of a list or string at `index`, from the end when negative.
  private func at(_ index: Int, of base: TemplateValue, line: Int) throws(ChatTemplateError) -> TemplateValue {
    let count: Int
    switch base {
    case .list(let list): count = list.items.count
    case .string(let string): count = string.count
    default: count = 0
    }
    guard index < count, index >= -count else { return .undefined(name: "item \(index)") }
    let position = index < 0 ? index + count : index
    switch base {
    case .list(let list): return list.items[position]
    case .string(let string): return .string(string[position..<(position + 1)])
    default: return .none
    }
  }

  // Traps: never, there are three limits, and `positions` gives positions of what is sliced, ascending if the step
  // is 1.
  /// Python's `base[start:stop:step]`.
  private func slice(
    of base: TemplateValue, _ bounds: [TemplateExpression?], line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    var limits: [Int?] = []
    for bound in bounds {
      guard let bound, case let value = try evaluate(bound), value != .none else {
        limits.append(nil)
        continue
      }
      guard let limit = value.integer else { throw .evaluation("a slice by \(value.kind)", line: line) }
      limits.append(limit)
    }
    let step = limits[2] ?? 1
    guard step != 0 else { throw .evaluation("a slice with step 0", line: line) }
    switch base {
    case .list(let list):
      try charge(list.items.count, line: line)
      let positions = Self.positions(of: list.items.count, limits[0], limits[1], step)
      return .list(try TemplateList(positions.map { list.items[$0] }, line: line))
    case .string(let string):
      try charge(string.count, line: line)
      let positions = Self.positions(of: string.count, limits[0], limits[1], step)
      guard step != 1 else { return .string(string[(positions.first ?? 0)..<((positions.last ?? -1) + 1)]) }
      return .string(TemplateString().joining(positions.map { string[$0..<($0 + 1)] }))
    default: throw .evaluation("a slice of \(base.kind)", line: line)
    }
  }

  // Traps: never, the count is one of memory, and indices are clamped to it.
  private static func positions(of count: Int, _ start: Int?, _ stop: Int?, _ step: Int) -> [Int] {
    func clamped(_ index: Int) -> Int {
      let position = index < 0 ? max(index, -count - 1) + count : index
      return step > 0 ? min(max(position, 0), count) : min(max(position, -1), count - 1)
    }
    let first = start.map(clamped) ?? (step > 0 ? 0 : count - 1)
    let end = stop.map(clamped) ?? (step > 0 ? count : -1)
    let stride = min(max(step, -count - 1), count + 1)
    return Array(Swift.stride(from: first, to: end, by: stride))
  }
}
