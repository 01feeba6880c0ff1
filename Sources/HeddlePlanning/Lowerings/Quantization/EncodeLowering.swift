/// `encode` to a dense encoding: a packed weight through `Kernels/Quantization/unpack_rows.cl`, a sparse one through `unpack_sparse.cl`, a
/// value through `convert.cl`; a value that has the encoding already is itself.
enum EncodeLowering: Lowering {
  typealias Candidate = Void

  static func validate(_ problem: Problem<Encode>) throws(LoweringError) {
    guard problem.result.encoding.isScalar else { throw .another("the result is not dense") }
    let x = problem["x"].type
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

  static func encode(
    _ candidate: Void, _ problem: Problem<Encode>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let operand = problem["x"]
    let source = operand.type.encoding
    if source == problem.result.encoding { return [try encoder.view(operand)] }
    let y = encoder.destination(problem.result)
    if source != .float32, let (w, packed) = encoder.weight(operand) {
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
        ("blocks", Dimension(packed.blocks)),
      ],
      global: global, local: [64, 1])
  }

  /// Writes a dense value in another dense encoding.
  static func convert(_ x: TensorView, to y: TensorView, into encoder: inout Encoder) throws(PlanError) {
    guard x.type.encoding.isScalar, y.type.encoding.isScalar else {
      throw encoder.refusal(mustBeConstant(x.type), [x.type])
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
      global: [walk.count.roundedUp(toMultipleOf: 64)], local: [64], itemsAreIndependent: true)
  }
}
