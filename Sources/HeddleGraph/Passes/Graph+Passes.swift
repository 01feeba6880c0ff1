// Passes are pure functions Graph → Graph. A rewrite keeps the meaning, so a pass that finds nothing returns its graph.
extension Graph {
  /// The passes every backend profits from, in order: a product's epilogue grows from bias to residual, as it is applied.
  public func fused() -> Graph {
    mergingCommonSubexpressions().mergingSharedInputMatMuls().fusingBiases().fusingGatedMatMuls()
      .fusingActivations().fusingGatedExperts().fusingResidualAdds().removingDeadCode()
  }

  /// Nodes after a rewrite, checked again; a rewrite that does not check is a defect, so the graph stays as it was.
  func rewritten(_ nodes: [Node], _ origins: [Origin], _ map: [ValueID: ValueID]) -> Graph {
    func moved(_ named: NamedValue) -> NamedValue {
      NamedValue(name: named.name, value: map[named.value] ?? named.value)
    }
    let result = try? Graph(
      symbols: symbols, nodes: nodes, outputs: outputs.map(moved), stateUpdates: stateUpdates.map(moved),
      origins: origins)
    // Traps: never (sound-passes).
    assert(result != nil, "a pass made an unsound graph")
    return result ?? self
  }

  /// The graph with the nodes that `replacement` gives in the place of its own; what they leave unused is removed.
  func replacingNodes(_ replacement: (Node) -> Node?) -> Graph {
    let replaced = nodes.map { replacement($0) }
    guard replaced.contains(where: { $0 != nil }) else { return self }
    return rewritten(zip(replaced, nodes).map { $0 ?? $1 }, origins, [:]).removingDeadCode()
  }

  /// The matmul behind a value that has `count` uses, all in the node to be fused: one that can be computed later, at
  /// that node's place.
  func movableProduct(_ value: ValueID, _ uses: [ValueID: Int], count: Int = 1) -> MatMul? {
    guard let matmul = operation(MatMul.self, of: value), uses[value] == count,
      !producer(of: value).operands.contains(where: { showsState($0) })
    else { return nil }
    return matmul
  }

  /// Whether a value shows a state: reading it later could be reading it after its next value was made.
  func showsState(_ value: ValueID) -> Bool {
    var node = producer(of: value)
    // Views of views may be any number, so this is a loop.
    while true {
      switch effect(of: node) {
      case .leaf(.state), .writes: return true
      case .view(let operand): node = producer(of: node.operand(operand))
      default: return false
      }
    }
  }

  /// How often each value is used, outputs and state updates included.
  func useCounts() -> [ValueID: Int] {
    var counts: [ValueID: Int] = [:]
    for operand in nodes.flatMap(\.operands) { counts[operand, default: 0] &+= 1 }
    for named in outputs + stateUpdates { counts[named.value, default: 0] &+= 1 }
    return counts
  }
}
