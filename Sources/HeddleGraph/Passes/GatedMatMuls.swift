extension Graph {
  /// `f(P[…, ..<M]) · P[…, M...]` of a product `P = matmul(x, w)` with no other use becomes one matmul with a gated
  /// ``MatMul/Epilogue-swift.struct``: what ``mergingSharedInputMatMuls()`` makes of the two products of a SwiGLU or a
  /// GeGLU. It is the product of one half and the other under an ``Activation`` or under none; P may have a bias. Every step is rounded either way: the bits stay. M must be whole groups of rows
  /// (``MatMul/gateRows(_:)``), so that both halves of a packed weight begin with a group.
  public func fusingGatedMatMuls() -> Graph {
    let uses = useCounts()
    return replacingNodes { node in
      for (activation, gate, up) in gates(node, uses) {
        guard let (product, start) = half(gate, uses), let (other, upStart) = half(up, uses), product == other,
          start == 0, let width = node.result().shape.last?.constant, upStart == Dimension(width),
          type(of: product).shape.last == Dimension(width) * 2, var matmul = movableProduct(product, uses, count: 2),
          matmul == MatMul(epilogue: .init(bias: matmul.epilogue.bias), kept: matmul.kept),
          isWeight(producer(of: product).operand(1), ofGatedOutputs: width)
        else { continue }
        matmul.epilogue.activation = activation
        matmul.epilogue.isGated = true
        return node.replacing(matmul, producer(of: product).operands)
      }
      return nil
    }
  }

  /// The ways to read a node as `activation(gate) · up`.
  func gates(
    _ node: Node, _ uses: [ValueID: Int]
  ) -> [(activation: Activation?, gate: ValueID, up: ValueID)] {
    guard (node.operation as? Binary)?.function == .multiply else { return [] }
    let (left, right) = (node.operand(0), node.operand(1))
    return [(left, right), (right, left)].map { gate, up in
      guard let activation = operation(Unary.self, of: gate)?.function.activation, uses[gate] == 1 else {
        return (nil, gate, up)
      }
      return (activation, producer(of: gate).operand(0), up)
    }
  }

  /// The value that `operand` is a piece of the last axis of, and where the piece starts.
  func half(_ operand: ValueID, _ uses: [ValueID: Int]) -> (ValueID, Dimension)? {
    guard let slice = operation(Slice.self, of: operand), uses[operand] == 1,
      slice.axis == type(of: operand).rank &- 1
    else { return nil }
    return (producer(of: operand).operand(0), slice.start)
  }

  /// A matrix that is a constant, or constants one below the other, and so can be packed as one weight; both of its
  /// halves must be whole groups of rows.
  private func isWeight(_ value: ValueID, ofGatedOutputs outputs: Int) -> Bool {
    let type = type(of: value)
    guard type.rank == 2, outputs.isMultiple(of: MatMul.gateRows(type.encoding)) else { return false }
    if constant(value) != nil { return true }
    return operation(Concatenate.self, of: value)?.axis == 0
      && producer(of: value).operands.allSatisfy { constant($0) != nil }
  }
}
