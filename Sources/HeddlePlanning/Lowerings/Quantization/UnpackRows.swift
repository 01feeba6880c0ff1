/// `convert` of a weight to float32: `Kernels/Quantization/unpack_rows.cl`. Of a float32 value it is the value itself.
enum UnpackRows: Lowering {
  enum Candidate: Sendable {
    case unpack, identity
  }

  static func validate(_ problem: Problem) throws(LoweringError) {
    guard problem.operands[0].encoding == .float32 || problem.operands[0].shape.allSatisfy({ $0.constant != nil }) else {
      throw LoweringError("only constants are converted")
    }
    try problem.requireWholeBlocks(problem.operands[0])
  }

  static func plan(_ problem: Problem) -> [Candidate] {
    problem.operands[0].encoding == .float32 ? [.identity] : [.unpack]
  }

  static func shape(of candidate: Candidate) -> KernelShape { .simt }

  static func encode(
    _ candidate: Candidate, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    if case .identity = candidate { return [try encoder.view(problem.node.operands[0])] }
    guard let packed = Encoder.packedWeight(problem.node.operands[0], in: encoder.graph),
      let w = encoder.weight(problem.node.operands[0])
    else {
      throw .unsupported(
        "convert", operands: problem.operands, reason: "only constants are converted",
        encoder.graph.origins[problem.index])
    }
    let y = encoder.destination(problem.result)
    encoder.launch(
      KernelReference(
        source: .file("Quantization/unpack_rows.cl"), entry: "unpack_rows_simt",
        defines: [weightDefine(packed.encoding): "1"], parameters: []),
      [.whole(w), .write("y", y)],
      [
        ("rows", Dimension(packed.totalRows)), ("inputs", Dimension(packed.rowLength)),
        ("blocks", Dimension(packed.rowLength / packed.encoding.blockSize)),
      ],
      global: [Dimension(packed.rowLength).roundedUp(toMultipleOf: 64), Dimension(packed.totalRows)], local: [64, 1])
    return [y]
  }
}
