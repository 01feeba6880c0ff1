// Traps: never, the graph is validated: an operation has the operands and results that its inference asks for,
// operands are results of earlier nodes, and each node has an origin.

extension Graph {
  /// An ``Activation`` of a matmul with no other use becomes the ``MatMul/Epilogue-swift.struct/activation`` of that
  /// matmul, which may have a bias: that comes first either way. After a gate or a residual there is no place for one.
  public func fusingActivations() -> Graph {
    let uses = useCounts()
    return replacingNodes { node in
      guard case .unary(let unary) = node.operation, let activation = unary.function.activation,
        var matmul = movableProduct(node.operands[0], uses), matmul.epilogue == .init(bias: matmul.epilogue.bias)
      else { return nil }
      matmul.epilogue.activation = activation
      return Node(
        operation: .matmul(matmul), operands: nodes[node.operands[0].node].operands, results: node.results)
    }
  }
}
