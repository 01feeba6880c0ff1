// Traps: never, the graph is validated: an operation has the operands and results that its inference asks for,
// operands are results of earlier nodes, and each node has an origin.

extension Graph {
  /// Without the nodes that no output and no state update needs. Inputs and states stay: they are the interface.
  public func removingDeadCode() -> Graph {
    var needed = Set((outputs + stateUpdates).map(\.value.node))
    for index in nodes.indices.reversed() {
      switch nodes[index].operation {
      case .input, .state, .parameter: needed.insert(index)
      default: break
      }
      if needed.contains(index) { needed.formUnion(nodes[index].operands.map(\.node)) }
    }
    guard needed.count < nodes.count else { return self }
    var position: [Int: Int] = [:]
    var kept: [Node] = []
    var keptOrigins: [Origin] = []
    var map: [ValueID: ValueID] = [:]
    for index in nodes.indices where needed.contains(index) {
      var node = nodes[index]
      node.operands = node.operands.map { map[$0] ?? $0 }
      position[index] = kept.count
      for result in node.results.indices {
        map[ValueID(node: index, result: result)] = ValueID(node: kept.count, result: result)
      }
      kept.append(node)
      keptOrigins.append(origins[index])
    }
    return rewritten(kept, keptOrigins, map)
  }
}
