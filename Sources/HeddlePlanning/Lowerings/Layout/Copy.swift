// Traps: never, inference has checked the count and the ranks of the operands, a view has a stride for each axis, and
// each node has an origin.

/// Copies between strided layouts: `Kernels/Layout/copy.cl`. Lowers `concatenate` and `append`, and materializes views.
enum Copy {
  static func encode(
    from source: TensorView, to destination: TensorView, into encoder: inout Encoder
  ) throws(PlanError) {
    if source.type.encoding.pattern != nil { return copyBytes(from: source, to: destination, into: &encoder) }
    guard source.type.encoding.isScalar else {
      throw .unsupported(
        encoder.graph.nodes[encoder.node].operation.name, operands: [source.type],
        reason: "a value in \(source.type.encoding) can be a weight or converted, nothing else",
        encoder.graph.origins[encoder.node])
    }
    let bytes = source.type.encoding.blockByteCount
    let walk = StridedWalk(shape: destination.type.shape, strides: [source.strides, destination.strides])
    encoder.launch(
      KernelReference(
        source: .file("Layout/copy.cl"), entry: "copy_simt",
        defines: ["RANK": "\(walk.shape.count)", "ELEMENT": bytes == 2 ? "ushort" : "uint"], parameters: []),
      [.read("x", source, walk.parameters(0)), .write("y", destination, walk.parameters(1))], walk.extents,
      global: [walk.count.roundedUp(toMultipleOf: 64)], local: [64])
  }

  /// A sparse value has no views: it is all its bytes.
  private static func copyBytes(
    from source: TensorView, to destination: TensorView, into encoder: inout Encoder
  ) {
    let count = source.type.byteCount
    encoder.launch(
      KernelReference(
        source: .file("Layout/copy.cl"), entry: "copy_simt", defines: ["RANK": "1", "ELEMENT": "uchar"], parameters: []),
      [.read("x", source, [("stride_0", 1)]), .write("y", destination, [("stride_0", 1)])],
      [("count", count), ("extent_0", count)], global: [count.roundedUp(toMultipleOf: 64)], local: [64])
  }
}

/// `concatenate`: a copy an operand.
enum ConcatenateLowering: Lowering {
  typealias Candidate = Void

  static func validate(_ problem: Problem) throws(LoweringError) {
    guard problem.result.encoding.isScalar else {
      throw LoweringError("a concatenation in \(problem.result.encoding) can only be a weight")
    }
  }

  static func encode(
    _ candidate: Void, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard case .concatenate(let concatenate) = problem.node.operation else { return [] }
    let result = encoder.destination(problem.result)
    var start: Dimension = 0
    for operand in problem.node.operands {
      let source = try encoder.view(operand)
      var part = result
      part.type = source.type
      part.offset = part.offset + start * part.strides[concatenate.axis]
      try Copy.encode(from: source, to: part, into: &encoder)
      start = start + source.type.shape[concatenate.axis]
    }
    return [result]
  }
}

/// `append`: writes the new rows into the cache's own place if the result leads to its state's next value, else into a
/// copy of it.
enum AppendLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard case .append(let append) = problem.node.operation else { return [] }
    var cache = try encoder.view(problem.node.operands[0])
    let isInPlace = encoder.inPlaceAppends[problem.index].map { cache.buffer == .state($0) } ?? false
    if !isInPlace {
      let copy = encoder.destination(problem.result)
      try Copy.encode(from: cache, to: copy, into: &encoder)
      cache = copy
    }
    var rows = try encoder.view(problem.node.operands[1])
    // Rows of the cache itself: reading and writing would overlap.
    if isInPlace, rows.buffer == cache.buffer { rows = try encoder.materialize(rows) }
    var destination = cache
    destination.type = rows.type
    destination.offset = cache.offset + append.position * cache.strides[0]
    try Copy.encode(from: rows, to: destination, into: &encoder)
    return [cache]
  }
}
