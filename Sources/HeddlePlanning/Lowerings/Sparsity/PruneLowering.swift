/// `encode` to a sparse encoding: `Kernels/Sparsity`. What is kept is selected (vectors and blocks: what rows share), then int8 gets its rows'
/// scales, then the kept values are stored.
enum PruneLowering: Lowering {
  typealias Candidate = Void

  static func validate(_ problem: Problem<Encode>) throws(LoweringError) {
    guard problem.operation.encoding.pattern != nil else { throw .another("the result is not sparse") }
  }

  static func encode(
    _ candidate: Void, _ problem: Problem<Encode>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard let format = problem.operation.encoding.sparse else { return [] }
    let layout: SparseLayout
    do {
      layout = try SparseLayout(format, shape: problem.result.concreteShape([:]))
    } catch {
      throw .type(error, encoder.graph.origin(of: problem.index))
    }
    let x = try encoder.rows(problem["x"])
    let y = encoder.destination(problem.result)
    let size = problem.target.workGroupSize(256)
    encoder.launch(
      kernel("clear"), [.write("y", y)], [("bytes", Dimension(layout.byteCount))],
      global: [Dimension(layout.byteCount).roundedUp(toMultipleOf: 64)], local: [64])
    let places = select(layout, x, y, size, into: &encoder)
    if layout.format.values == .int8 { scaleRows(layout, x, y, size, into: &encoder) }
    store(layout, x, y, places, into: &encoder)
    return [y]
  }

  private static func kernel(_ name: String, _ defines: [String: String] = [:]) -> KernelReference {
    KernelReference(source: .file("Sparsity/\(name).cl"), entry: "\(name)_simt", defines: defines, parameters: [])
  }

  /// Writes what rows share. The numbers of the kept blocks, if there are blocks.
  private static func select(
    _ layout: SparseLayout, _ x: TensorView, _ y: TensorView, _ size: Int, into encoder: inout Encoder
  ) -> TensorView? {
    let rows = ("rows", Dimension(layout.rows))
    let spans = ("spans", Dimension(layout.spans))
    let indices = ("indices", Dimension(layout.indices.lowerBound))
    switch layout.format.pattern.kind {
    case .perRow: return nil
    case .vectorWise(let kept, let span, let isNested):
      var defines = ["SPAN": "\(span)", "KEPT": "\(kept)"]
      if isNested { defines["NESTED"] = "1" }
      encoder.launch(
        kernel("select_vectors", defines), [.read("x", x, [("stride", x.stride(0))]), .write("y", y)],
        [rows, spans, indices],
        global: [Dimension(layout.spans).dividedRoundingUp(by: 64 / max(1, span)) * 64, Dimension(layout.groups)],
        local: [64, 1])
      return nil
    case .block(let side, _):
      let blocks = Dimension(layout.groups) * Dimension(layout.spans)
      let sums = encoder.temporary(TensorType(.float32, [blocks]))
      let places = encoder.temporary(TensorType(.int32, [Dimension(layout.keptBlocks)]))
      encoder.launch(
        kernel("block_magnitudes", ["SIDE": "\(side)"]),
        [.read("x", x, [("stride", x.stride(0))]), .write("sums", sums)], [rows, spans, ("blocks", blocks)],
        global: [blocks.roundedUp(toMultipleOf: 64)], local: [64])
      encoder.launch(
        kernel("select_blocks", ["LOCAL_SIZE": "\(size)"]),
        [.read("sums", sums), .write("places", places), .write("y", y)],
        [("groups", Dimension(layout.groups)), spans, ("kept", Dimension(layout.keptBlocks)), indices],
        global: [Dimension(size)], local: [size])
      return places
    }
  }

  /// Writes the scales of int8.
  private static func scaleRows(
    _ layout: SparseLayout, _ x: TensorView, _ y: TensorView, _ size: Int, into encoder: inout Encoder
  ) {
    let pattern = layout.format.pattern
    var defines = ["LOCAL_SIZE": "\(size)", "SPAN": "\(pattern.span)", "KEPT": "\(pattern.keptPerSpan)"]
    var parameters = [
      ("spans", Dimension(layout.spans)), ("indices", Dimension(layout.indices.lowerBound)),
      ("scales", Dimension(layout.scales.lowerBound)),
    ]
    switch pattern.kind {
    case .perRow: break
    case .vectorWise: defines["VECTORS"] = "1"
    case .block:
      defines["BLOCKS"] = "1"
      parameters.append(("groups", Dimension(layout.groups)))
    }
    encoder.launch(
      kernel("row_scales", defines), [.read("x", x, [("stride", x.stride(0))]), .write("y", y)], parameters,
      global: [Dimension(size), Dimension(layout.rows)], local: [size, 1])
  }

  /// Writes the section of values; `places` are the kept blocks' numbers.
  private static func store(
    _ layout: SparseLayout, _ x: TensorView, _ y: TensorView, _ places: TensorView?, into encoder: inout Encoder
  ) {
    let (format, pattern) = (layout.format, layout.format.pattern)
    var defines = [
      "SPAN": "\(pattern.span)", "KEPT": "\(pattern.keptPerSpan)", "UNITS": "\(format.spanUnits)",
      "VALUES_\(format.values.name.uppercased())": "1",
    ]
    var parameters = [("rows", Dimension(layout.rows)), ("spans", Dimension(layout.spans))]
    if format.values == .int8 { parameters.append(("scales", Dimension(layout.scales.lowerBound))) }
    var arguments: [Argument] = [.read("x", x, [("stride", x.stride(0))])]
    var global = [Dimension(layout.spans).roundedUp(toMultipleOf: 64), Dimension(layout.rows)]
    switch pattern.kind {
    case .perRow(_, let group):
      defines["GROUP"] = "\(group)"
      defines["INDEX_BITS"] = "\(pattern.indexBits)"
    case .vectorWise:
      defines["VECTORS"] = "1"
      parameters.append(("indices", Dimension(layout.indices.lowerBound)))
    case .block(let side, _):
      defines["BLOCKS"] = "1"
      if let places { arguments.append(.read("places", places)) }
      global = [Dimension(side).roundedUp(toMultipleOf: 64), Dimension(layout.keptBlocks)]
    }
    encoder.launch(
      kernel("store_kept", defines), arguments + [.write("y", y)], parameters, global: global, local: [64, 1])
  }
}
