import HeddleText

extension Graph {
  /// Checks what a builder guarantees and a file does not.
  func validate() throws(GraphError) {
    var declared: Set<Symbol> = []
    for declaration in symbols {
      guard declaration.symbol.isIdentifier else { throw .symbolName(declaration.symbol.name) }
      guard declared.insert(declaration.symbol).inserted else { throw .duplicateName(declaration.symbol.name) }
      guard declaration.minimum >= 0, declaration.minimum <= declaration.maximum else {
        throw .symbolRange(declaration)
      }
    }
    var names: NameSet = []
    let ranges = ranges
    for (index, node) in nodes.enumerated() {
      let origin = origin(of: index)
      for operand in node.operands {
        guard operand.node >= 0, operand.node < index, producer(of: operand).results.indices.contains(operand.result)
        else { throw .unknownValue(operand, origin) }
      }
      let inferred = try Graph.infer(
        node.operation, operandTypes(of: node), ranges: ranges, origin: origin)
      guard inferred == node.results else {
        throw .wrongResults(node.operation.name, expected: inferred, got: node.results, origin)
      }
      if case .leaf(let leaf) = effect(of: node) {
        try checkText(leaf.name)
        if leaf.isUnique, !names.insert(leaf.name).inserted { throw .duplicateName(leaf.name) }
      }
    }
    var outputNames: NameSet = []
    for output in outputs {
      try checkText(output.name)
      try check(output)
      guard outputNames.insert(output.name).inserted else { throw .duplicateName(output.name) }
    }
    let states = NameTable(states.map { ($0.name, $0.type) })
    var updated: NameSet = []
    for update in stateUpdates {
      try check(update)
      guard updated.insert(update.name).inserted else { throw .duplicateName(update.name) }
      guard let state = states[update.name] else { throw .unknownState(update.name) }
      guard state == type(of: update.value) else {
        throw .stateType(update.name, expected: state, got: type(of: update.value))
      }
    }
  }

  private func checkText(_ name: String) throws(GraphError) {
    if name.utf8.contains(0) { throw .nameWithNUL(name) }
  }

  private func check(_ named: NamedValue) throws(GraphError) {
    guard producer(of: named.value).results.indices.contains(named.value.result)
    else { throw .unknownValue(named.value, Origin(label: named.name)) }
  }

  /// The result types of an operation, or an error that names it, its operand types and its origin.
  static func infer(
    _ operation: any GraphOperation, _ types: [TensorType], ranges: SymbolRanges, origin: Origin
  ) throws(GraphError) -> [TensorType] {
    let results: [TensorType]
    do {
      results = try operation.inferResults(Operands(types, of: operation, ranges: ranges))
    } catch {
      throw .invalidOperation(operation.name, operands: types, error, origin)
    }
    for type in results {
      guard type.rank <= Graph.maximumRank else {
        throw .invalidOperation(
          operation.name, operands: types, .type("a value has at most \(Graph.maximumRank) axes, got \(type.rank)"),
          origin)
      }
      for dimension in type.shape {
        do {
          let bounds = try dimension.bounds(ranges)
          if bounds.upperBound < 0 { throw TypeError.negativeDimension("\(dimension)", value: bounds.upperBound) }
        } catch TypeError.unboundSymbol(let symbol) {
          throw .invalidOperation(
            operation.name, operands: types, .type("the symbol '\(symbol)' is not declared"), origin)
        } catch {
          throw .invalidOperation(operation.name, operands: types, .type("\(error)"), origin)
        }
      }
    }
    return results
  }
}
