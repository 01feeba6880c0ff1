/// A value of the template language.
enum TemplateValue: Sendable {
  /// The result of looking up `name`, which is not there.
  case undefined(name: String)
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(TemplateString)
  case list(TemplateList)
  case dictionary(TemplateDictionary)
  /// A `namespace()`, by its number in the evaluator: shared, and never part of a cycle of references.
  case namespace(Int)
  /// The `loop` variable, by its number among the loops now running.
  case loop(Int)
  /// A macro, by its number in the evaluator.
  case macro(Int)
  /// A `cycler()` or a `joiner()`, by its number in the evaluator.
  case counter(Int)
  /// A function of the interpreter, or a method that was not called, by its name.
  case function(String)

  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .bool(let value): value
    case .int(let value): value != 0
    case .float(let value): value != 0
    case .string(let value): !value.isEmpty
    case .list(let value): value.kind == .generator || !value.items.isEmpty
    case .dictionary(let value): !value.entries.isEmpty
    case .namespace, .loop, .macro, .counter, .function: true
    }
  }

  /// What error messages call it.
  var kind: String {
    switch self {
    case .undefined(let name): "undefined '\(name)'"
    case .none: "none"
    case .bool: "a boolean"
    case .int: "an integer"
    case .float: "a float"
    case .string: "a string"
    case .list(let value): value.kind == .generator ? "a generator" : value.kind == .tuple ? "a tuple" : "a list"
    case .dictionary: "a mapping"
    case .namespace: "a namespace"
    case .loop: "the loop"
    case .macro: "a macro"
    case .counter: "a counter"
    case .function(let name): "the function '\(name)'"
    }
  }

  /// How deep lists and mappings are nested in it.
  var depth: Int {
    switch self {
    case .list(let value): value.depth
    case .dictionary(let value): value.depth
    default: 0
    }
  }

  /// The integer, of a boolean too.
  var integer: Int? {
    switch self {
    case .int(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  /// The text of a string.
  var text: String? { if case .string(let value) = self { value.text } else { nil } }

  var number: Double? {
    if case .float(let value) = self { return value }
    return integer.map(Double.init)
  }
}

extension TemplateValue: Equatable {
  // Traps: never (value-depth).
  static func == (left: TemplateValue, right: TemplateValue) -> Bool {
    switch (left, right) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.string(let left), .string(let right)): return left == right
    case (.list(let left), .list(let right)): return left.kind == right.kind && left.items == right.items
    case (.dictionary(let left), .dictionary(let right)):
      return left.entries.count == right.entries.count
        && left.entries.allSatisfy { entry in right[entry.key] == entry.value }
    case (.namespace(let left), .namespace(let right)), (.loop(let left), .loop(let right)),
      (.macro(let left), .macro(let right)), (.counter(let left), .counter(let right)):
      return left == right
    case (.function(let left), .function(let right)): return left == right
    default:
      if let left = left.integer, let right = right.integer { return left == right }
      guard let left = left.number, let right = right.number else { return false }
      return left == right
    }
  }
}
