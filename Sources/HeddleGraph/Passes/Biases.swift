// Traps: never, the graph is validated: an operation has the operands and results that its inference asks for,
// operands are results of earlier nodes, and each node has an origin.

extension Graph {
  /// `matmul(x, w) + b`, b a vector of one number for each output, becomes one matmul with a
  /// ``MatMul/Epilogue-swift.struct/bias``, where the product has no other use. The sum is rounded before the addition
  /// either way: the bits stay.
  public func fusingBiases() -> Graph {
    let uses = useCounts()
    return replacingNodes { node in
      guard case .elementwise(let elementwise) = node.operation, elementwise.function == .add else { return nil }
      for (product, bias) in [(node.operands[0], node.operands[1]), (node.operands[1], node.operands[0])] {
        guard var matmul = movableProduct(product, uses), matmul.epilogue == .none,
          type(of: product) == node.results[0],
          let outputs = node.results[0].shape.last,
          MatMul.isBias(type(of: bias), of: node.results[0], outputs: outputs)
        else { continue }
        matmul.epilogue.bias = true
        return Node(
          operation: .matmul(matmul), operands: nodes[product.node].operands + [bias], results: node.results)
      }
      return nil
    }
  }
}
