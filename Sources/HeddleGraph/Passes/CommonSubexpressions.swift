// Traps: never, the graph is validated: an operation has the operands and results that its inference asks for,
// operands are results of earlier nodes, and each node has an origin.

extension Graph {
  /// Equal operations on equal operands are computed once. Leaves are equal by name; `append` is left alone, since two
  /// appends to one state are two writes.
  public func mergingCommonSubexpressions() -> Graph {
    struct Key: Hashable {
      var operation: Operation
      var operands: [ValueID]
    }
    var first: [Key: Int] = [:]
    var map: [ValueID: ValueID] = [:]
    var rewrittenNodes = nodes
    var merged = false
    for index in nodes.indices {
      rewrittenNodes[index].operands = nodes[index].operands.map { map[$0] ?? $0 }
      if case .append = nodes[index].operation { continue }
      let key = Key(operation: nodes[index].operation, operands: rewrittenNodes[index].operands)
      guard let earlier = first[key] else {
        first[key] = index
        continue
      }
      merged = true
      for result in nodes[index].results.indices {
        map[ValueID(node: index, result: result)] = ValueID(node: earlier, result: result)
      }
    }
    guard merged else { return self }
    return rewritten(rewrittenNodes, origins, map).removingDeadCode()
  }
}
