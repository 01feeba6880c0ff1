import HeddleText

/// A value under construction: belongs to one ``GraphBuilder``.
public struct Value: Sendable {
  public let id: ValueID
  public let type: TensorType
  let builder: ObjectIdentifier

  public var shape: [Dimension] { type.shape }
}

/// Makes a ``Graph`` one node at a time. Every call infers its result's type and throws a ``GraphError`` that names
/// the caller's file and line.
///
/// ```swift
/// let builder = GraphBuilder()
/// let tokens = try builder.symbol("tokens", in: 1...64)
/// let x = try builder.input("x", .float32, [tokens, 4])
/// let y = try builder.softmax(x)
/// let graph = try builder.build(outputs: ["y": y])
/// ```
public final class GraphBuilder {
  private var symbols: [SymbolDeclaration] = []
  private var nodes: [Node] = []
  private var origins: [Origin] = []
  private var scopes: [String] = []
  private var updates: [NamedValue] = []
  private var ranges: SymbolRanges = [:]

  public init() {}

  /// Declares a symbol and gives it as a dimension.
  ///
  /// - Throws: ``GraphError/symbolName(_:)`` unless the name is an identifier: letters of ASCII, digits and `_`, no digit
  ///   first; ``GraphError/symbolRange(_:)``, ``GraphError/duplicateName(_:)``.
  public func symbol(_ name: String, in range: ClosedRange<Int>) throws(GraphError) -> Dimension {
    let symbol = Symbol(name)
    let declaration = SymbolDeclaration(symbol: symbol, minimum: range.lowerBound, maximum: range.upperBound)
    guard symbol.isIdentifier else { throw .symbolName(name) }
    guard range.lowerBound >= 0 else { throw .symbolRange(declaration) }
    guard ranges[symbol] == nil else { throw .duplicateName(name) }
    ranges[symbol] = range
    symbols.append(declaration)
    return Dimension(symbol)
  }

  /// Labels the nodes that `body` makes: `scope("blk.0") { … }`.
  public func scope<Result, Failure>(
    _ name: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    scopes.append(name)
    defer { _ = scopes.popLast() }
    return try body()
  }

  /// Adds a node and gives its results. Every other building method is a spelling of this one.
  public func apply(
    _ operation: any GraphOperation, _ operands: [Value] = [], label: String? = nil, file: String? = #fileID,
    line: Int? = #line
  ) throws(GraphError) -> [Value] {
    let names = scopes + [label].compactMap { $0 }
    let origin = Origin(file: file, line: line, label: names.isEmpty ? nil : names.joined(separator: "."))
    for operand in operands {
      guard operand.builder == ObjectIdentifier(self) else { throw .foreignValue(origin) }
    }
    let results = try Graph.infer(operation, operands.map(\.type), ranges: ranges, origin: origin)
    nodes.append(Node(operation: operation, operands: operands.map(\.id), results: results))
    origins.append(origin)
    return results.enumerated().map { index, type in
      Value(id: ValueID(node: nodes.count - 1, result: index), type: type, builder: ObjectIdentifier(self))
    }
  }

  /// Adds a node of one result.
  func single(
    _ operation: some GraphOperation, _ operands: [Value], _ label: String?, _ file: String, _ line: Int
  ) throws(GraphError) -> Value {
    guard let result = try apply(operation, operands, label: label, file: file, line: line).first else {
      throw .invalidOperation(operation.name, operands: [], .type("gives no result"), Origin(file: file, line: line))
    }
    return result
  }

  /// Names the value a state has after a run.
  public func update(state name: String, to value: Value) throws(GraphError) {
    guard value.builder == ObjectIdentifier(self) else { throw .foreignValue(Origin(label: name)) }
    updates.append(NamedValue(name: name, value: value.id))
  }

  /// The finished graph. Outputs are ordered by name.
  public func build(outputs: NameTable<Value>) throws(GraphError) -> Graph {
    var named: [NamedValue] = []
    for (name, value) in outputs.sorted(by: { Name($0.key) < Name($1.key) }) {
      guard value.builder == ObjectIdentifier(self) else { throw .foreignValue(Origin(label: name)) }
      named.append(NamedValue(name: name, value: value.id))
    }
    return try Graph(
      symbols: symbols, nodes: nodes, outputs: named, stateUpdates: updates.sorted { Name($0.name) < Name($1.name) },
      origins: origins)
  }
}
