/// `embeddingLookup`: of a weight `Kernels/Indexing/embedding_lookup.cl`, in the packed layout it has as a matmul's
/// operand; of a float32 activation `gather_rows.cl`.
enum EmbeddingLookupLowering: Lowering {
  typealias Candidate = Void

  // Traps: never, inference has checked the operands' count and ranks.
  static func validate(_ problem: Problem) throws(LoweringError) {
    let table = problem.operands[0]
    guard table.encoding == .float32 || table.shape.allSatisfy({ $0.constant != nil }) else {
      throw LoweringError("a table that is not float32 must be a constant")
    }
    if table.encoding.pattern != nil { throw LoweringError("a table cannot be sparse, got \(table)") }
    try problem.requireWholeBlocks(problem.operands[0])
  }

  // Traps: never, inference has checked the operands' ranks, each node has an origin, and a block size is a positive
  // constant.
  static func encode(
    _ candidate: Void, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let operand = problem.node.operands[0]
    let ids = try encoder.contiguous(problem.node.operands[1])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    let tokens = ids.type.elementCount
    let width = problem.operands[0].shape[1]
    let written = [Argument.read("ids", ids, [("stride", 1)]), .write("y", y, [("stride", y.strides[0])])]
    let global = [width.roundedUp(toMultipleOf: 64), tokens]

    if let packed = Encoder.packedWeight(operand, in: encoder.graph), let table = encoder.weight(operand) {
      encoder.launch(
        KernelReference(
          source: .file("Indexing/embedding_lookup.cl"), entry: "embedding_lookup_simt",
          defines: packed.encoding.values.weightDefines, parameters: []),
        [.whole(table)] + written,
        [
          ("vocabulary", Dimension(packed.totalRows)), ("inputs", width),
          ("blocks", Dimension(packed.rowLength / packed.encoding.blockSize)),
        ], global: global, local: [64, 1])
    } else if problem.operands[0].encoding == .float32 {
      let table = try encoder.view(operand)
      encoder.launch(
        KernelReference(
          source: .file("Indexing/gather_rows.cl"), entry: "gather_rows_simt", defines: [:], parameters: []),
        [.read("table", table, [("v", table.strides[0]), ("k", table.strides[1])])] + written,
        [("vocabulary", table.type.shape[0]), ("inputs", width)], global: global, local: [64, 1])
    } else {
      throw .unsupported(
        "embeddingLookup", operands: problem.operands, reason: "a table that is not float32 must be a constant",
        encoder.graph.origins[problem.index])
    }
    return [result]
  }
}
