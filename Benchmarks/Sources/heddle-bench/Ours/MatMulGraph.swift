import Heddle

/// One matmul as a graph: input `x`, constant `w`, output `y`.
struct MatMulGraph {
  let graph: Graph
  let constants: ConstantStore

  /// - Parameter tokens: A number, or a range to make it a symbol.
  init(_ problem: MatMulProblem, weights: Tensor, tokens range: ClosedRange<Int>? = nil) throws {
    constants = ConstantStore()
    try constants.add("w", weights)
    let builder = GraphBuilder()
    let tokens = try range.map { try builder.symbol("tokens", in: $0) } ?? Dimension(problem.tokens)
    let x = try builder.input("x", problem.activations, [tokens, Dimension(problem.inputs)])
    let y = try builder.matmul(x, builder.constant("w", in: constants))
    graph = try builder.build(outputs: ["y": y])
  }
}
