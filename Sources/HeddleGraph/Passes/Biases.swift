extension Graph {
  /// `matmul(x, w) + b`, b a vector of one number for each output, becomes one matmul with a
  /// ``MatMul/Epilogue-swift.struct/bias``, where the product has no other use. The sum is rounded before the addition
  /// either way: the bits stay.
  public func fusingBiases() -> Graph {
    let uses = useCounts()
    return replacingNodes { node in
      guard (node.operation as? Binary)?.function == .add else { return nil }
      for (product, bias) in [(node.operand(0), node.operand(1)), (node.operand(1), node.operand(0))] {
        guard var matmul = movableProduct(product, uses), matmul.epilogue == .none,
          type(of: product) == node.result(), let outputs = node.result().shape.last,
          MatMul.isBias(type(of: bias), of: node.result(), outputs: outputs)
        else { continue }
        matmul.epilogue.bias = true
        return node.replacing(matmul, producer(of: product).operands + [bias])
      }
      return nil
    }
  }
}
