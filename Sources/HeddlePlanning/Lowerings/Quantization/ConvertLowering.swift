/// `convert`: a packed weight through `Kernels/Quantization/unpack_rows.cl`, a sparse one through `unpack_sparse.cl`, a
/// value through `convert.cl`; a value that has the encoding already is itself.
enum ConvertLowering: Lowering {
  typealias Candidate = Void

  // Traps: never, a conversion has an operand.
  static func validate(_ problem: Problem) throws(LoweringError) {
    let x = problem.operands[0]
    guard x.encoding.isScalar || x.shape.allSatisfy({ $0.constant != nil }) else {
      throw LoweringError(mustBeConstant(x))
    }
    try problem.requireWholeBlocks(x)
    // Kernels count the places of a sparse row in 32 bits.
    let limit = Int(Int32.max) - 4096
    if x.encoding.pattern != nil, let inputs = x.shape.last?.constant, inputs > limit {
      throw LoweringError("rows of a sparse operand may have at most \(limit) values, got \(x)")
    }
  }

  private static func mustBeConstant(_ x: TensorType) -> String { "an operand in \(x.encoding) must be a constant" }

  // Traps: never, a conversion has an operand.
  static func encode(
    _ candidate: Void, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let operand = problem.node.operands[0]
    let source = problem.operands[0].encoding
    if source == problem.result.encoding { return [try encoder.view(operand)] }
    let y = encoder.destination(problem.result)
    if source != .float32, let packed = Encoder.packedWeight(operand, in: encoder.graph),
      let w = encoder.weight(operand)
    {
      if problem.result.encoding == .float32 {
        try unpack(w, packed, to: y, into: &encoder)
      } else {
        let floats = encoder.temporary(TensorType(.float32, problem.result.shape))
        try unpack(w, packed, to: floats, into: &encoder)
        try convert(floats, to: y, into: &encoder)
      }
    } else {
      try convert(try encoder.view(operand), to: y, into: &encoder)
    }
    return [y]
  }

  // Traps: never, a block size is a positive constant.
  private static func unpack(
    _ w: BufferReference, _ packed: PackedConstant, to y: TensorView, into encoder: inout Encoder
  ) throws(PlanError) {
    let global = [Dimension(packed.rowLength).roundedUp(toMultipleOf: 64), Dimension(packed.totalRows)]
    if let format = packed.encoding.sparse {
      let packing = try encoder.sparsePacking(format, rows: packed.totalRows, inputs: packed.rowLength)
      return encoder.launch(
        KernelReference(
          source: .file("Quantization/unpack_sparse.cl"), entry: "unpack_sparse_simt", defines: format.defines,
          parameters: []),
        [.whole(w), .write("y", y)], [("inputs", Dimension(packed.rowLength))] + packing.parameters, global: global,
        local: [64, 1])
    }
    encoder.launch(
      KernelReference(
        source: .file("Quantization/unpack_rows.cl"), entry: "unpack_rows_simt",
        defines: packed.encoding.values.weightDefines, parameters: []),
      [.whole(w), .write("y", y)],
      [
        ("rows", Dimension(packed.totalRows)), ("inputs", Dimension(packed.rowLength)),
        ("blocks", Dimension(packed.rowLength / packed.encoding.blockSize)),
      ],
      global: global, local: [64, 1])
  }

  // Traps: never, each node has an origin.
  /// Writes a dense value in another dense encoding.
  static func convert(_ x: TensorView, to y: TensorView, into encoder: inout Encoder) throws(PlanError) {
    guard x.type.encoding.isScalar, y.type.encoding.isScalar else {
      throw .unsupported(
        encoder.graph.nodes[encoder.node].operation.name, operands: [x.type],
        reason: mustBeConstant(x.type), encoder.graph.origins[encoder.node])
    }
    let walk = StridedWalk(shape: y.type.shape, strides: [x.strides, y.strides])
    encoder.launch(
      KernelReference(
        source: .file("Quantization/convert.cl"), entry: "convert_simt",
        defines: [
          "RANK": "\(walk.shape.count)", "SOURCE_\(x.type.encoding.name.uppercased())": "1",
          "TARGET_\(y.type.encoding.name.uppercased())": "1",
        ], parameters: []),
      [.read("x", x, walk.parameters(0)), .write("y", y, walk.parameters(1))], walk.extents,
      global: [walk.count.roundedUp(toMultipleOf: 64)], local: [64])
  }
}

extension Encoder {
  /// The operand in float32: converted into a temporary if it is of another dense encoding.
  mutating func floatView(_ operand: ValueID) throws(PlanError) -> TensorView {
    let view = try view(operand)
    guard view.type.encoding != .float32 else { return view }
    let floats = temporary(TensorType(.float32, view.type.shape))
    try ConvertLowering.convert(view, to: floats, into: &self)
    return floats
  }
  /// ``tokenRows(_:)`` in float32: converted into a temporary if it is of another encoding.
  mutating func floatTokenRows(_ operand: ValueID) throws(PlanError) -> TensorView {
    guard graph.type(of: operand).encoding != .float32 else { return try tokenRows(operand) }
    let floats = try floatView(operand)
    return collapsedToRows(floats) ?? floats
  }
}
