extension Graph {
  /// `matmul(x, w) + r` becomes one matmul with ``MatMul/Epilogue-swift.struct/residual``, where the product has no other use and `r` has
  /// the product's shape. The sum is rounded before the addition either way: the bits stay.
  public func fusingResidualAdds() -> Graph {
    let uses = useCounts()
    var fused = nodes
    var changed = false
    for (index, node) in nodes.enumerated() {
      guard case .elementwise(let elementwise) = node.operation, elementwise.function == .add else { continue }
      for (product, residual) in [(0, 1), (1, 0)] {
        let (a, b) = (node.operands[product], node.operands[residual])
        guard case .matmul(let matmul) = nodes[a.node].operation, !matmul.epilogue.residual, uses[a] == 1,
          !nodes[a.node].operands.contains(where: { showsState($0) }),
          type(of: b) == node.results[0], type(of: a) == node.results[0]
        else { continue }
        var addition = matmul
        addition.epilogue.residual = true
        fused[index] = Node(
          operation: .matmul(addition), operands: nodes[a.node].operands + [b], results: node.results)
        changed = true
        break
      }
    }
    guard changed else { return self }
    return rewritten(fused, origins, [:]).removingDeadCode()
  }
}
