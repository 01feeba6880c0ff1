extension Graph {
  /// `gatedSiLU(P[…, ..<M], P[…, M...])` of a product `P = matmul(x, w)` with no other use becomes one matmul with
  /// a gated ``MatMul/Epilogue-swift.struct``: what ``mergingSharedInputMatMuls()`` makes of a SwiGLU's two products. Both halves are
  /// rounded before the gate either way: the bits stay. M must be whole groups of 16 rows, so that both halves of a packed
  /// weight begin with a group.
  public func fusingGatedMatMuls() -> Graph {
    let uses = useCounts()
    var fused = nodes
    var changed = false
    for (index, node) in nodes.enumerated() {
      guard case .gatedSiLU = node.operation, let (gate, start) = half(node.operands[0], uses),
        let (up, upStart) = half(node.operands[1], uses), gate == up, uses[gate] == 2, start == 0,
        !nodes[gate.node].operands.contains(where: { showsState($0) }),
        case .matmul(let matmul) = nodes[gate.node].operation, matmul == MatMul(),
        let width = node.results[0].shape.last?.constant, width % 16 == 0, upStart == Dimension(width),
        type(of: gate).shape.last == Dimension(2 * width), type(of: nodes[gate.node].operands[1]).rank == 2,
        isWeight(nodes[gate.node].operands[1])
      else { continue }
      fused[index] = Node(
        operation: .matmul(MatMul(epilogue: .init(activation: .silu, isGated: true))),
        operands: nodes[gate.node].operands, results: node.results)
      changed = true
    }
    guard changed else { return self }
    return rewritten(fused, origins, [:]).removingDeadCode()
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
