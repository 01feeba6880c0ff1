// Traps: never, the graph is validated: an operation has the operands and results that its inference asks for,
// operands are results of earlier nodes, and each node has an origin. A slice of `width` that begins at `width` ends
// in an Int.

extension Graph {
  /// `f(P[…, ..<M]) · P[…, M...]` of a product `P = matmul(x, w)` with no other use becomes one matmul with a gated
  /// ``MatMul/Epilogue-swift.struct``: what ``mergingSharedInputMatMuls()`` makes of the two products of a SwiGLU or a
  /// GeGLU. It is found as a ``GatedSiLU``, or as the product of one half and the other under an ``Activation`` or
  /// under none; P may have a bias. Every step is rounded either way: the bits stay. M must be whole groups of rows
  /// (``MatMul/gateRows(_:)``), so that both halves of a packed weight begin with a group.
  public func fusingGatedMatMuls() -> Graph {
    let uses = useCounts()
    return replacingNodes { node in
      for (activation, gate, up) in gates(node, uses) {
        guard let (product, start) = half(gate, uses), let (other, upStart) = half(up, uses), product == other,
          start == 0, let width = node.results[0].shape.last?.constant, upStart == Dimension(width),
          type(of: product).shape.last == Dimension(2 * width), var matmul = movableProduct(product, uses, count: 2),
          matmul == MatMul(epilogue: .init(bias: matmul.epilogue.bias), kept: matmul.kept),
          width % MatMul.gateRows(type(of: nodes[product.node].operands[1]).encoding) == 0,
          type(of: nodes[product.node].operands[1]).rank == 2, isWeight(nodes[product.node].operands[1])
        else { continue }
        matmul.epilogue.activation = activation
        matmul.epilogue.isGated = true
        return Node(operation: .matmul(matmul), operands: nodes[product.node].operands, results: node.results)
      }
      return nil
    }
  }

  /// The ways to read a node as `activation(gate) · up`.
  private func gates(
    _ node: Node, _ uses: [ValueID: Int]
  ) -> [(activation: Activation?, gate: ValueID, up: ValueID)] {
    switch node.operation {
    case .gatedSiLU: return [(.silu, node.operands[0], node.operands[1])]
    case .elementwise(let elementwise) where elementwise.function == .multiply:
      let (left, right) = (node.operands[0], node.operands[1])
      return [(left, right), (right, left)].map { gate, up in
        guard case .unary(let unary) = nodes[gate.node].operation, let activation = unary.function.activation,
          uses[gate] == 1
        else { return (nil, gate, up) }
        return (activation, nodes[gate.node].operands[0], up)
      }
    default: return []
    }
  }

  /// The value that `operand` is a piece of the last axis of, and where the piece starts.
  private func half(_ operand: ValueID, _ uses: [ValueID: Int]) -> (ValueID, Dimension)? {
    guard case .slice(let slice) = nodes[operand.node].operation, uses[operand] == 1,
      slice.axis == type(of: operand).rank - 1
    else { return nil }
    return (nodes[operand.node].operands[0], slice.start)
  }

  /// A constant, or constants one below the other: what can be packed as one weight.
  private func isWeight(_ value: ValueID) -> Bool {
    switch nodes[value.node].operation {
    case .constant: true
    case .concatenate(let concatenate):
      concatenate.axis == 0
        && nodes[value.node].operands.allSatisfy {
          if case .constant = nodes[$0.node].operation { true } else { false }
        }
    default: false
    }
  }
}
