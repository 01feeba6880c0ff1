extension Graph {
  /// An ``Activation`` of a matmul with no other use becomes the ``MatMul/Epilogue-swift.struct/activation`` of that
  /// matmul, which may have a bias: that comes first either way. After a gate or a residual there is no place for one.
  public func fusingActivations() -> Graph {
    let uses = useCounts()
    return replacingNodes { node in
      guard let activation = (node.operation as? Unary)?.function.activation,
        var matmul = movableProduct(node.operand(0), uses), matmul.epilogue == .init(bias: matmul.epilogue.bias)
      else { return nil }
      matmul.epilogue.activation = activation
      return node.replacing(matmul, producer(of: node.operand(0)).operands)
    }
  }
}
