import HeddleText

/// One result of one node.
public struct ValueID: Hashable, Codable, Sendable, CustomStringConvertible {
  /// The node's position in ``Graph/nodes``.
  public var node: Int
  public var result: Int

  public init(node: Int, result: Int = 0) {
    self.node = node
    self.result = result
  }

  public var description: String { result == 0 ? "%\(node)" : "%\(node).\(result)" }
}

/// An operation, its operands, and the types of its results.
public struct Node: Hashable, Codable, Sendable {
  public var operation: any GraphOperation {
    get { stored.operation }
    set { stored.operation = newValue }
  }
  private var stored: AnyGraphOperation
  public var operands: [ValueID]
  public var results: [TensorType]

  private enum CodingKeys: String, CodingKey {
    case stored = "operation"
    case operands, results
  }

  public init(operation: any GraphOperation, operands: [ValueID], results: [TensorType]) {
    stored = AnyGraphOperation(operation)
    self.operands = operands
    self.results = results
  }
}

/// A value under a name: an output, or the next value of a state.
public struct NamedValue: Hashable, Codable, Sendable {
  public var name: String
  public var value: ValueID

  public init(name: String, value: ValueID) {
    self.name = name
    self.value = value
  }
}

/// Names are compared by their bytes: see `Name`.
extension NamedValue {
  public static func == (left: NamedValue, right: NamedValue) -> Bool {
    left.name.hasSameBytes(as: right.name) && left.value == right.value
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(Name(name))
    hasher.combine(value)
  }
}

/// A symbol and the values it may take.
public struct SymbolDeclaration: Hashable, Codable, Sendable {
  public var symbol: Symbol
  public var minimum: Int
  public var maximum: Int

  public init(symbol: Symbol, minimum: Int, maximum: Int) {
    self.symbol = symbol
    self.minimum = minimum
    self.maximum = maximum
  }
}

/// A device-agnostic computation over tensors: an immutable value, made by a ``GraphBuilder`` or read from JSON.
///
/// Nodes stand in an order in which operands come first. Equality and the hash cover what is computed, not where in
/// the source it was written, so a host that builds the same graph again gets the same executable.
public struct Graph: Sendable {
  public let symbols: [SymbolDeclaration]
  public let nodes: [Node]
  public let outputs: [NamedValue]
  /// The value each state has after a run; a state without an entry keeps its value.
  public let stateUpdates: [NamedValue]
  /// Where each node was built, and its label, for messages and profiles.
  public let origins: [Origin]
  /// The inputs, in the order of their nodes.
  public let inputs: [Input]
  /// The states, in the order of their nodes.
  public let states: [State]
  /// What must fit, as every run checks: each once, with the first node that asks for it.
  private(set) var capacities: [(node: Int, capacity: Capacity)] = []
  /// The hash, taken once: a host brings the same graph again and again.
  private let structuralHash: Int

  /// - Throws: ``GraphError`` if an operand does not come first, a type is not what inference gives, a name is
  ///   used twice, or an output does not exist.
  public init(
    symbols: [SymbolDeclaration], nodes: [Node], outputs: [NamedValue], stateUpdates: [NamedValue] = [],
    origins: [Origin]? = nil
  ) throws(GraphError) {
    self.symbols = symbols
    self.nodes = nodes
    self.outputs = outputs
    self.stateUpdates = stateUpdates
    self.origins = origins?.count == nodes.count ? origins ?? [] : nodes.map { _ in Origin() }
    var hasher = Hasher()
    hasher.combine(symbols)
    hasher.combine(nodes)
    hasher.combine(outputs)
    hasher.combine(stateUpdates)
    structuralHash = hasher.finalize()
    inputs = nodes.compactMap { $0.operation as? Input }
    states = nodes.compactMap { $0.operation as? State }
    try validate()
    var known: Set<Capacity> = []
    for (index, node) in nodes.enumerated() {
      for capacity in node.operation.capacities(operandTypes(of: node)) where known.insert(capacity).inserted {
        capacities.append((index, capacity))
      }
    }
  }

  /// The most axes of a value. No model has more than a few; planning takes time that grows with them.
  public static let maximumRank = 64

  /// The range of every declared symbol.
  public var ranges: SymbolRanges {
    Dictionary(symbols.map { ($0.symbol, $0.minimum...max($0.minimum, $0.maximum)) }, uniquingKeysWith: { $1 })
  }
}

extension Graph: Hashable {
  public static func == (left: Graph, right: Graph) -> Bool {
    left.structuralHash == right.structuralHash && left.symbols == right.symbols && left.nodes == right.nodes
      && left.outputs == right.outputs && left.stateUpdates == right.stateUpdates
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(structuralHash) }
}

/// Where a node came from.
public struct Origin: Codable, Sendable, Hashable, CustomStringConvertible {
  /// `Module/File.swift` of the building call.
  public var file: String?
  public var line: Int?
  /// A name in the builder's own terms: `blk.3.attn_q`.
  public var label: String?

  public init(file: String? = nil, line: Int? = nil, label: String? = nil) {
    self.file = file
    self.line = line
    self.label = label
  }

  public var description: String {
    let place = file.map { "\($0):\(line ?? 0)" }
    return [label, place].compactMap { $0 }.joined(separator: " at ")
  }
}
