extension Graph {
  /// `matmul(x, w) + r` becomes one matmul with a ``MatMul/Epilogue-swift.struct/residual``, where the product has no
  /// other use and `r` has the product's shape. What the product's epilogue does already comes first, and is rounded
  /// before the addition either way: the bits stay.
  public func fusingResidualAdds() -> Graph {
    let uses = useCounts()
    return replacingNodes { node in
      guard (node.operation as? Binary)?.function == .add else { return nil }
      for (product, residual) in [(node.operand(0), node.operand(1)), (node.operand(1), node.operand(0))] {
        guard var matmul = movableProduct(product, uses), !matmul.epilogue.residual,
          type(of: residual) == node.result(), type(of: product) == node.result()
        else { continue }
        matmul.epilogue.residual = true
        return node.replacing(matmul, producer(of: product).operands + [residual])
      }
      return nil
    }
  }
}
