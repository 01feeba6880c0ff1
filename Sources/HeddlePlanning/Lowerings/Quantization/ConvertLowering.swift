/// `convert` to float32: a weight through `Kernels/Quantization/unpack_rows.cl`, a 16-bit activation through
/// `convert.cl`; a float32 value is itself.
enum ConvertLowering: Lowering {
  typealias Candidate = Void

  static func validate(_ problem: Problem) throws(LoweringError) {
    if case .blocks = problem.operands[0].encoding, problem.operands[0].shape.contains(where: { $0.constant == nil }) {
      throw LoweringError("a block-quantized operand must be a constant")
    }
    try problem.requireWholeBlocks(problem.operands[0])
  }

  static func encode(
    _ candidate: Void, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let operand = problem.node.operands[0]
    if problem.operands[0].encoding == .float32 { return [try encoder.view(operand)] }
    let y = encoder.destination(problem.result)
    if let packed = Encoder.packedWeight(operand, in: encoder.graph), let w = encoder.weight(operand) {
      unpack(w, packed, to: y, into: &encoder)
    } else {
      try convert(try encoder.view(operand), to: y, into: &encoder)
    }
    return [y]
  }

  private static func unpack(
    _ w: BufferReference, _ packed: PackedConstant, to y: TensorView, into encoder: inout Encoder
  ) {
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
  }

  private static func convert(
    _ x: TensorView, to y: TensorView, into encoder: inout Encoder
  ) throws(PlanError) {
    guard case .dense(let scalar) = x.type.encoding, scalar.byteCount == 2 else {
      throw .unsupported(
        "convert", operands: [x.type], reason: "a block-quantized operand must be a constant",
        encoder.graph.origins[encoder.node])
    }
    let walk = StridedWalk(shape: y.type.shape, strides: [x.strides, y.strides])
    encoder.launch(
      KernelReference(
        source: .file("Quantization/convert.cl"), entry: "convert_simt",
        defines: ["RANK": "\(walk.shape.count)", "SOURCE_\(scalar.rawValue.uppercased())": "1"], parameters: []),
      [.read("x", x, walk.parameters(0)), .write("y", y, walk.parameters(1))], walk.extents,
      global: [walk.count.roundedUp(toMultipleOf: 64)], local: [64])
  }
}
