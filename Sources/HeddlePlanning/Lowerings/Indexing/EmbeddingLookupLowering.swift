/// `embeddingLookup`: of a weight `Kernels/Indexing/embedding_lookup.cl`, in the packed layout it has as a matmul's
/// operand; of a float32 activation `gather_rows.cl`.
enum EmbeddingLookupLowering: Lowering {
  typealias Candidate = Void

  static func validate(_ problem: Problem<EmbeddingLookup>) throws(LoweringError) {
    let table = problem["table"].type
    guard table.encoding == .float32 || table.shape.allSatisfy({ $0.constant != nil }) else {
      throw LoweringError("a table that is not float32 must be a constant")
    }
    if table.encoding.pattern != nil { throw LoweringError("a table cannot be sparse, got \(table)") }
    try problem.requireWholeBlocks(table)
  }

  static func encode(
    _ candidate: Void, _ problem: Problem<EmbeddingLookup>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let operand = problem["table"]
    let ids = try encoder.contiguous(problem["ids"])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    let tokens = ids.type.elementCount
    let width = operand.type.extent(1)
    let written = [Argument.read("ids", ids, [("stride", 1)]), .write("y", y, [("stride", y.stride(0))])]
    let global = [width.roundedUp(toMultipleOf: 64), tokens]

    if let (table, packed) = encoder.weight(operand) {
      encoder.launch(
        KernelReference(
          source: .file("Indexing/embedding_lookup.cl"), entry: "embedding_lookup_simt",
          defines: packed.encoding.values.weightDefines, parameters: []),
        [.whole(table)] + written,
        [
          ("vocabulary", Dimension(packed.totalRows)), ("inputs", width),
          ("blocks", Dimension(packed.blocks)),
        ], global: global, local: [64, 1], itemsAreIndependent: true)
    } else if operand.type.encoding == .float32 {
      let table = try encoder.view(operand)
      encoder.launch(
        KernelReference(
          source: .file("Indexing/gather_rows.cl"), entry: "gather_rows_simt", defines: [:], parameters: []),
        [.read("table", table, [("v", table.stride(0)), ("k", table.stride(1))])] + written,
        [("vocabulary", table.type.extent(0)), ("inputs", width)], global: global, local: [64, 1],
        itemsAreIndependent: true)
    } else {
      throw encoder.refusal("a table that is not float32 must be a constant", problem.types)
    }
    return [result]
  }
}
