// Traps: never, the graph is validated: an operation has the operands and results that its inference asks for,
// operands are results of earlier nodes, and each node has an origin.

extension Graph {
  /// `matmul(x, w) + r` becomes one matmul with a ``MatMul/Epilogue-swift.struct/residual``, where the product has no
  /// other use and `r` has the product's shape. What the product's epilogue does already comes first, and is rounded
  /// before the addition either way: the bits stay.
  public func fusingResidualAdds() -> Graph {
    let uses = useCounts()
    return replacingNodes { node in
      guard case .elementwise(let elementwise) = node.operation, elementwise.function == .add else { return nil }
      for (product, residual) in [(node.operands[0], node.operands[1]), (node.operands[1], node.operands[0])] {
        guard var matmul = movableProduct(product, uses), !matmul.epilogue.residual,
          type(of: residual) == node.results[0], type(of: product) == node.results[0]
        else { continue }
        matmul.epilogue.residual = true
        return Node(
          operation: .matmul(matmul), operands: nodes[product.node].operands + [residual], results: node.results)
      }
      return nil
    }
  }
}
