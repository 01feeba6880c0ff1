/// `embeddingLookup`: `Kernels/Indexing/embedding_lookup.cl`. The table keeps the packed layout it has as a weight.
enum EmbeddingLookupLowering: Lowering {
  typealias Candidate = Void

  static func validate(_ problem: Problem) throws(LoweringError) {
    guard problem.operands[0].shape.allSatisfy({ $0.constant != nil }) else {
      throw LoweringError("the table must be a constant")
    }
    try problem.requireWholeBlocks(problem.operands[0])
  }
  static func plan(_ problem: Problem) -> [Void] { [()] }
  static func shape(of candidate: Void) -> KernelShape { .simt }

  static func encode(
    _ candidate: Void, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard let packed = Encoder.packedWeight(problem.node.operands[0], in: encoder.graph),
      let table = encoder.weight(problem.node.operands[0])
    else {
      throw .unsupported(
        "embeddingLookup", operands: problem.operands, reason: "the table must be a constant",
        encoder.graph.origins[problem.index])
    }
    let ids = try encoder.contiguous(problem.node.operands[1])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    encoder.launch(
      KernelReference(
        source: .file("Indexing/embedding_lookup.cl"), entry: "embedding_lookup_simt",
        defines: [weightDefine(packed.encoding): "1"], parameters: []),
      [.whole(table), .read("ids", ids, [("stride", 1)]), .write("y", y, [("stride", y.strides[0])])],
      [
        ("vocabulary", Dimension(packed.totalRows)), ("inputs", Dimension(packed.rowLength)),
        ("blocks", Dimension(packed.rowLength / packed.encoding.blockSize)),
      ],
      global: [Dimension(packed.rowLength).roundedUp(toMultipleOf: 64), ids.type.elementCount], local: [64, 1])
    return [result]
  }
}
