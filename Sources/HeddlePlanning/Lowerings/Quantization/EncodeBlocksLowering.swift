/// `encode` to blocks that share scales: `Kernels/Quantization/encode_blocks.cl`, with the encoder of the format.
enum EncodeBlocksLowering: Lowering {
  typealias Candidate = Void

  static func validate(_ problem: Problem<Encode>) throws(LoweringError) {
    guard problem.operation.isSearched else { throw .another("the result is not in blocks that are searched for") }
  }

  static func encode(
    _ candidate: Void, _ problem: Problem<Encode>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let format = problem.result.encoding.values
    let x = try encoder.contiguous(problem["x"])
    let y = encoder.destination(problem.result)
    var defines = ["ENCODING": format.name]
    var arguments = [Argument.read("x", x)]
    if let importance = problem.operands.first(where: { $0.role == "importance" }) {
      defines["IMPORTANCE"] = "1"
      arguments.append(.read("importance", try encoder.contiguous(importance)))
    }
    let rowBlocks = (problem.result.shape.last ?? 1).dividedRoundingUp(by: format.blockSize)
    let blocks = problem.result.shape.dropLast().reduce(rowBlocks, *)
    // An item owns a group; those of a block are in one work-group of 64.
    let groups = blocks * Dimension(format.blockSize.divided(by: format.groupSize))
    encoder.launch(
      KernelReference(
        source: .file("Quantization/encode_blocks.cl"), entry: "encode_blocks_simt", defines: defines, parameters: []),
      arguments + [.write("y", y)], [("blocks", blocks), ("row_blocks", rowBlocks)],
      global: [groups.roundedUp(toMultipleOf: 64)], local: [64])
    return [y]
  }
}
