import HeddleText

/// Runs the statements of a template. One evaluator serves one render; every step and copy is counted.
final class TemplateEvaluator {
  struct LoopState {
    var items: [TemplateValue]
    var index = 0
    /// 0 for a loop that no `loop(…)` of the same one runs in.
    var depth = 0
    /// What `loop.changed` was given last.
    var changing: [TemplateValue]?
    /// What `loop(…)` runs, in these frames; nil if the loop is not recursive.
    var recursion: (loop: TemplateNode.Loop, frames: [NameTable<TemplateValue>])?
  }

  /// A macro, and the scopes that it was defined in, but for the outermost.
  struct DefinedMacro {
    var macro: TemplateNode.Macro
    var scopes: [NameTable<TemplateValue>]
  }

  /// A `cycler`, or a `joiner`, which gives nothing the first time.
  struct Counter {
    var items: [TemplateValue]
    var index = 0
    var isJoiner = false
  }

  enum Flow {
    case normal
    case breakLoop
    case continueLoop
  }

  var frames: [NameTable<TemplateValue>]
  var namespaces: [NameTable<TemplateValue>] = []
  var loops: [LoopState] = []
  var macros: [DefinedMacro] = []
  var counters: [Counter] = []
  /// The moment of the render.
  let date: TemplateDate
  /// How many `map` filters are inside each other.
  var mapDepth = TemplateBudget(ChatTemplate.Limits.valueDepth, "nested filters")
  private var output = TemplateString()
  /// How many statements and expressions are inside each other, through macros too.
  private var depth = TemplateBudget(ChatTemplate.Limits.callDepth, "nested steps")
  private var steps = TemplateBudget(ChatTemplate.Limits.steps, "steps")
  private var work = TemplateBudget(ChatTemplate.Limits.work, "scalars copied")

  init(variables: NameTable<TemplateValue>, date: TemplateDate) {
    frames = [variables]
    self.date = date
  }

  func render(_ nodes: [TemplateNode]) throws(ChatTemplateError) -> TemplateString {
    _ = try run(nodes)
    return output
  }

  /// Counts one step.
  func step(line: Int) throws(ChatTemplateError) { try steps.spend(line: line) }

  /// Goes a level deeper; ``leave()`` comes back.
  func enter(line: Int) throws(ChatTemplateError) { try depth.spend(line: line) }

  func leave() { depth.giveBack() }

  /// Counts scalars or elements that are about to be copied or compared.
  func charge(_ amount: Int, line: Int) throws(ChatTemplateError) { try work.spend(amount, line: line) }

  func lookUp(_ name: String) -> TemplateValue? {
    for frame in frames.reversed() {
      if let value = frame[name] { return value }
    }
    return nil
  }

  func set(_ name: String, _ value: TemplateValue) { frames.updateLast { $0[name] = value } }

  /// Runs `body` in a scope of its own.
  func scoped<Result>(
    _ variables: NameTable<TemplateValue>, _ body: () throws(ChatTemplateError) -> Result
  ) throws(ChatTemplateError) -> Result {
    frames.append(variables)
    defer { _ = frames.popLast() }
    return try body()
  }

  private func run(_ nodes: [TemplateNode]) throws(ChatTemplateError) -> Flow {
    try enter(line: 1)
    defer { leave() }
    for node in nodes {
      let flow = try run(node)
      if flow != .normal { return flow }
    }
    return .normal
  }

  private func run(_ node: TemplateNode) throws(ChatTemplateError) -> Flow {
    try step(line: 1)
    switch node {
    case .text(let text): try emit(text, line: 1)
    case .output(let expression):
      try emit(text(of: try evaluate(expression), line: expression.line), line: expression.line)
    case .choice(let branches, let otherwise): return try choose(branches, otherwise)
    case .loop(let loop):
      try repeatLoop(loop, over: try evaluate(loop.sequence), depth: 0, line: loop.sequence.line)
    case .set(let targets, let expression): try assign(try evaluate(expression), to: targets, line: expression.line)
    case .setAttribute(let target, let name, let expression):
      guard case .namespace(let index)? = lookUp(target) else {
        throw .evaluation("only attributes of a namespace can be set, '\(target)' is none", line: expression.line)
      }
      let value = try evaluate(expression)
      namespaces.update(at: index) { $0[name] = value }
    case .capture(let name, let body): return try capture(body, as: name)
    case .scope(let bindings, let body): return try runScope(bindings, body)
    case .macro(let macro): set(macro.name, defined(macro))
    case .call(let body, let call): try emit(try callBlock(body, call), line: call.line)
    case .breakLoop: return .breakLoop
    case .continueLoop: return .continueLoop
    }
    return .normal
  }

  private func emit(_ text: TemplateString, line: Int) throws(ChatTemplateError) {
    guard text.count <= ChatTemplate.Limits.outputLength &- output.count else {
      throw .limitExceeded("\(ChatTemplate.Limits.outputLength) characters of output", line: line)
    }
    try charge(text.count, line: line)
    output.append(text)
  }

  private func choose(
    _ branches: [TemplateNode.Branch], _ otherwise: [TemplateNode]
  ) throws(ChatTemplateError) -> Flow {
    for branch in branches where try evaluate(branch.condition).isTrue { return try run(branch.body) }
    return try run(otherwise)
  }

  private func runScope(
    _ bindings: [TemplateNode.Binding], _ body: [TemplateNode]
  ) throws(ChatTemplateError) -> Flow {
    var variables: NameTable<TemplateValue> = [:]
    // The values are of the scope around it.
    for binding in bindings { variables[binding.name] = try evaluate(binding.value) }
    return try scoped(variables) { () throws(ChatTemplateError) in try run(body) }
  }

  private func capture(_ body: [TemplateNode], as name: String) throws(ChatTemplateError) -> Flow {
    let (text, flow) = try captured(body)
    set(name, .string(text))
    return flow
  }

  /// What `body` writes, instead of writing it.
  func captured(_ body: [TemplateNode]) throws(ChatTemplateError) -> (text: TemplateString, flow: Flow) {
    var flow = Flow.normal
    let text = try written { () throws(ChatTemplateError) in
      flow = try scoped([:]) { () throws(ChatTemplateError) in try run(body) }
    }
    return (text, flow)
  }

  /// What `body` writes, instead of writing it.
  func written(_ body: () throws(ChatTemplateError) -> Void) throws(ChatTemplateError) -> TemplateString {
    let outer = output
    output = TemplateString()
    defer { output = outer }
    try body()
    return output
  }

  func assign(_ value: TemplateValue, to targets: [String], line: Int) throws(ChatTemplateError) {
    guard targets.count > 1 else { return targets.forEach { set($0, value) } }
    let parts = try elements(of: value, line: line)
    guard parts.count == targets.count else {
      throw .evaluation("\(parts.count) values for \(targets.count) names", line: line)
    }
    for (target, part) in zip(targets, parts) { set(target, part) }
  }

  /// Each round has its own scope: what it sets is gone in the next, which is why templates use `namespace`.
  func repeatLoop(
    _ loop: TemplateNode.Loop, over sequence: TemplateValue, depth: Int, line: Int
  ) throws(ChatTemplateError) {
    var items = try elements(of: sequence, line: line)
    if let filter = loop.filter {
      var kept: [TemplateValue] = []
      for item in items {
        let isKept = try scoped([:]) { () throws(ChatTemplateError) in
          try assign(item, to: loop.targets, line: line)
          return try evaluate(filter).isTrue
        }
        if isKept { kept.append(item) }
      }
      items = kept
    }
    guard !items.isEmpty else {
      _ = try run(loop.otherwise)
      return
    }
    let number = loops.count
    loops.append(
      LoopState(items: items, depth: depth, recursion: loop.isRecursive ? (loop: loop, frames: frames) : nil))
    defer { _ = loops.popLast() }
    for (index, item) in items.enumerated() {
      try step(line: line)
      loops.updateLast { $0.index = index }
      let flow = try scoped(["loop": .loop(number)]) { () throws(ChatTemplateError) in
        try assign(item, to: loop.targets, line: line)
        return try run(loop.body)
      }
      if flow == .breakLoop { break }
    }
  }
}
