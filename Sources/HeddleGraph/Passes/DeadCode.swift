extension Graph {
  /// Without the nodes that no output and no state update needs. Inputs and states stay: they are the interface.
  public func removingDeadCode() -> Graph {
    var needed = Set((outputs + stateUpdates).map(\.value.node))
    for (index, node) in nodes.enumerated().reversed() {
      switch effect(of: node) {
      case .leaf(.input), .leaf(.state): needed.insert(index)
      default: break
      }
      if needed.contains(index) { needed.formUnion(node.operands.map(\.node)) }
    }
    guard needed.count < nodes.count else { return self }
    var kept: [Node] = []
    var keptOrigins: [Origin] = []
    var map: [ValueID: ValueID] = [:]
    for (index, node) in nodes.enumerated() where needed.contains(index) {
      let operands = node.operands.map { map[$0] ?? $0 }
      for result in node.results.indices {
        map[ValueID(node: index, result: result)] = ValueID(node: kept.count, result: result)
      }
      kept.append(Node(operation: node.operation, operands: operands, results: node.results))
      keptOrigins.append(origin(of: index))
    }
    return rewritten(kept, keptOrigins, map)
  }
}
