extension Graph {
  /// Equal operations on equal operands are computed once. Leaves are equal by name; what writes is left alone, since two
  /// writes to one state are two versions.
  public func mergingCommonSubexpressions() -> Graph {
    struct Key: Hashable {
      var operation: AnyGraphOperation
      var operands: [ValueID]
    }
    var first: [Key: Int] = [:]
    var map: [ValueID: ValueID] = [:]
    var rewrittenNodes: [Node] = []
    var merged = false
    for (index, node) in nodes.enumerated() {
      let operands = node.operands.map { map[$0] ?? $0 }
      rewrittenNodes.append(Node(operation: node.operation, operands: operands, results: node.results))
      if case .writes = effect(of: node) { continue }
      let key = Key(operation: AnyGraphOperation(node.operation), operands: operands)
      guard let earlier = first[key] else {
        first[key] = index
        continue
      }
      merged = true
      for result in node.results.indices {
        map[ValueID(node: index, result: result)] = ValueID(node: earlier, result: result)
      }
    }
    guard merged else { return self }
    return rewritten(rewrittenNodes, origins, map).removingDeadCode()
  }
}
