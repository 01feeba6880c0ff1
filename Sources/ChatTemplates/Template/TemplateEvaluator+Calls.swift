import HeddleText

/// Calls: of functions, macros, methods, and of values that turn out to be one of these.
extension TemplateEvaluator {
  /// The functions there are. As values they can be asked whether they are defined, which templates do.
  private static let functions: Set<String> = [
    "raise_exception", "namespace", "dict", "range", "strftime_now", "cycler", "joiner",
  ]

  func value(of name: String) -> TemplateValue {
    lookUp(name) ?? (Self.functions.contains(name) ? .function(name) : .undefined(name: name))
  }

  func call(_ callee: TemplateExpression, _ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue {
    switch callee.kind {
    case .variable(let name) where lookUp(name) == nil: return try function(name, arguments)
    case .attribute(let base, let name): return try call(name, of: try evaluate(base), arguments)
    case .item(let base, let key):
      // `message['get']('role')`, where `get` is no member.
      let (base, key) = (try evaluate(base), try evaluate(key))
      guard case .string(let name) = key, case .function = try item(key, of: base, line: arguments.line) else {
        return try call(try item(key, of: base, line: arguments.line), arguments)
      }
      return try call(name.text, of: base, arguments)
    default: return try call(try evaluate(callee), arguments)
    }
  }

  private func call(_ callee: TemplateValue, _ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue
  {
    switch callee {
    case .function(let name): return try function(name, arguments)
    case .macro(let number): return try callMacro(number, arguments)
    case .counter(let number): return join(number)
    case .loop(let number): return try recurse(number, arguments)
    case .undefined(let name): throw .evaluation("'\(name)' is undefined, it cannot be called", line: arguments.line)
    default: throw .evaluation("\(callee.kind) cannot be called", line: arguments.line)
    }
  }

  private func call(
    _ name: String, of base: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    switch base {
    case .string(let string): return try method(name, of: string, arguments)
    case .list(let list): return try method(name, of: list, arguments)
    case .dictionary(let dictionary):
      if Self.mappingMethods.contains(name) { return try method(name, of: dictionary, arguments) }
      guard let member = dictionary[name] else { throw .unsupported("the method '\(name)' of a mapping", line: line) }
      return try call(member, arguments)
    case .counter(let number): return try method(name, ofCounter: number, line: line)
    case .loop(let number) where name == "cycle" || name == "changed":
      return try loopMethod(name, of: number, arguments)
    case .undefined(let missing): throw .evaluation("'\(missing)' is undefined, it has no '\(name)'", line: line)
    case .namespace: return try call(try attribute(name, of: base, line: line), arguments)
    default: throw .unsupported("the method '\(name)' of \(base.kind)", line: line)
    }
  }

  private func function(_ name: String, _ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    switch name {
    case "raise_exception": throw .raised(try text(of: arguments.required(0, "message"), line: line).text)
    case "namespace":
      let members = try mapping(arguments)
      namespaces.append(NameTable(members.entries.map { ($0.key.text ?? "", $0.value) }))
      return .namespace(namespaces.count &- 1)
    case "dict": return .dictionary(try mapping(arguments))
    case "range": return try range(arguments)
    case "strftime_now":
      let format = try arguments.requiredString(0, "format").text
      return .string(TemplateString(try date.formatted(format, line: line)))
    case "cycler", "joiner":
      let separator = arguments[0, "sep"] ?? .text(", ")
      let isJoiner = name == "joiner"
      guard isJoiner || !arguments.positional.isEmpty else { throw .evaluation("a cycler of nothing", line: line) }
      counters.append(Counter(items: isJoiner ? [separator] : arguments.positional, isJoiner: isJoiner))
      return .counter(counters.count &- 1)
    default: throw .unsupported("the function '\(name)'", line: line)
    }
  }

  /// What `dict` and `namespace` are given: a mapping, and members by name.
  private func mapping(_ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateDictionary {
    var members = TemplateDictionary()
    switch arguments.positional.first {
    case nil: break
    case .dictionary(let given)?: members = given
    case let pairs?:
      for pair in try elements(of: pairs, line: arguments.line) {
        let parts = try elements(of: pair, line: arguments.line)
        guard let key = parts[at: 0], let value = parts[at: 1], parts.count == 2 else {
          throw .evaluation("a mapping of what are no pairs", line: arguments.line)
        }
        try members.set(key, value, line: arguments.line)
      }
    }
    for (key, value) in arguments.named.entries { try members.set(key, value, line: arguments.line) }
    return members
  }

  private func range(_ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue {
    let line = arguments.line
    guard let first = try arguments.integer(0, "start") else {
      throw .evaluation("range without a bound", line: line)
    }
    let second = try arguments.integer(1, "stop")
    let (start, stop) = second.map { (first, $0) } ?? (0, first)
    let step = try arguments.integer(2, "step") ?? 1
    guard step != 0 else { throw .evaluation("range with step 0", line: line) }
    guard max(start.magnitude, stop.magnitude) <= ChatTemplate.Limits.steps.magnitude,
      step.magnitude <= ChatTemplate.Limits.steps.magnitude
    else { throw .limitExceeded("\(ChatTemplate.Limits.steps) steps", line: line) }
    let values = Array(stride(from: start, to: stop, by: step))
    try charge(values.count, line: line)
    return .list(try TemplateList(values.map { .int($0) }, line: line))
  }

  private func loopMethod(
    _ name: String, of number: Int, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    guard let loop = loops[at: number] else { throw .evaluation("a loop that has ended", line: arguments.line) }
    guard name == "changed" else {
      let count = arguments.positional.count
      guard count > 0, let item = arguments.positional[at: loop.index % max(count, 1)] else {
        throw .evaluation("a cycle of nothing", line: arguments.line)
      }
      return item
    }
    let changes = loop.changing != arguments.positional
    loops.update(at: number) { $0.changing = arguments.positional }
    return .bool(changes)
  }

  /// `loop(items)`: what the same loop writes for items inside of one of its own.
  private func recurse(_ number: Int, _ arguments: TemplateArguments) throws(ChatTemplateError) -> TemplateValue {
    guard let state = loops[at: number], let (loop, frames) = state.recursion else {
      throw .evaluation("a call of a loop that is not recursive", line: arguments.line)
    }
    let items = try arguments.required(0, "items")
    let outer = self.frames
    self.frames = frames
    defer { self.frames = outer }
    let text = try written { () throws(ChatTemplateError) in
      try enter(line: arguments.line)
      defer { leave() }
      try repeatLoop(loop, over: items, depth: state.depth &+ 1, line: arguments.line)
    }
    return .string(text)
  }

  /// Nothing the first time, then the separator.
  private func join(_ number: Int) -> TemplateValue {
    guard let counter = counters[at: number], counter.isJoiner else { return .undefined(name: "joiner") }
    counters.update(at: number) { $0.index = 1 }
    return counter.index == 0 ? .text("") : counter.items.first ?? .text("")
  }

  private func method(
    _ name: String, ofCounter number: Int, line: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    guard let counter = counters[at: number], !counter.isJoiner, let item = counter.items[at: counter.index] else {
      throw .unsupported("the method '\(name)' of a joiner", line: line)
    }
    switch name {
    case "next":
      counters.update(at: number) { $0.index = (counter.index &+ 1) % max(counter.items.count, 1) }
      return item
    case "reset":
      counters.update(at: number) { $0.index = 0 }
      return .none
    default: throw .unsupported("the method '\(name)' of a cycler", line: line)
    }
  }
}
