/// `writeRows`: writes the new rows into the cache's own place if the result leads to its state's next value, else into a
/// copy of it. Rows that follow each other as they are are copied; others are `Kernels/Layout/write_rows.cl` and
/// `write_blocks.cl`.
enum WriteRowsLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<WriteRows>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    var cache = try encoder.view(problem["cache"])
    let isInPlace = encoder.inPlaceWrites[problem.index].map { cache.buffer == .state($0) } ?? false
    if !isInPlace {
      let copy = encoder.destination(problem.result)
      try Copy.encode(from: cache, to: copy, into: &encoder)
      cache = copy
    }
    func operand(_ role: String) throws(PlanError) -> TensorView {
      let view = try encoder.view(problem[role])
      // Rows of the cache itself: reading and writing would overlap.
      return isInPlace && view.buffer == cache.buffer ? try encoder.materialize(view) : view
    }
    var x = try operand("x")
    let isSame = x.type.encoding == cache.type.encoding
    if let position = problem.operation.position, isSame {
      var destination = cache
      destination.type = x.type
      destination.offset = cache.offset + position * rowStride(cache)
      try Copy.encode(from: x, to: destination, into: &encoder)
      return [cache]
    }
    let places: [Argument]
    if problem.operation.position == nil {
      let rows = try operand("rows")
      places = [.read("rows", rows, [("stride", rows.stride(0))])]
    } else {
      places = []
    }
    var parameters = [("capacity", cache.type.extent(0)), ("tokens", x.type.extent(0))]
    if let position = problem.operation.position { parameters.append(("position", position)) }
    if isSame || cache.type.encoding.isScalar {
      writeValues(x, to: cache, places, parameters, &encoder)
    } else {
      if !x.isContiguous { x = try encoder.materialize(x) }
      writeBlocks(x, to: cache, places, parameters, &encoder)
    }
    return [cache]
  }

  /// From a row to the next: in elements, or in bytes of blocks.
  private static func rowStride(_ view: TensorView) -> Dimension {
    if view.type.encoding.isScalar { return view.stride(0) }
    return TensorType(view.type.encoding, Array(view.type.shape.dropFirst())).byteCount
  }

  private static func writeValues(
    _ x: TensorView, to cache: TensorView, _ places: [Argument], _ parameters: [(String, Dimension)],
    _ encoder: inout Encoder
  ) {
    let isScalar = x.type.encoding.isScalar
    let walk =
      isScalar
      ? StridedWalk(shape: Array(x.type.shape.dropFirst()), strides: [x, cache].map { Array($0.strides.dropFirst()) })
      : StridedWalk(shape: [rowStride(x)], strides: [[1], [1]])
    func element(_ view: TensorView) -> String {
      !isScalar ? "uchar" : view.type.encoding.blockByteCount == 2 ? "ushort" : "uint"
    }
    var defines = [
      "RANK": "\(walk.shape.count)", "ROWS": places.isEmpty ? "0" : "1", "ELEMENT": element(cache),
      "SOURCE": element(x),
    ]
    if x.type.encoding != cache.type.encoding {
      defines["SOURCE"] = "float"
      defines["TARGET_\(cache.type.encoding.name.uppercased())"] = "1"
    }
    encoder.launch(
      KernelReference(
        source: .file("Layout/write_rows.cl"), entry: "write_rows_simt", defines: defines, parameters: []),
      places + [
        .read("x", x, [("t", rowStride(x))] + walk.parameters(0)),
        .write("y", cache, [("t", rowStride(cache))] + walk.parameters(1)),
      ], parameters + walk.extents, global: [64, x.type.extent(0)], local: [64, 1],
      itemsAreIndependent: places.isEmpty)
  }

  private static func writeBlocks(
    _ x: TensorView, to cache: TensorView, _ places: [Argument], _ parameters: [(String, Dimension)],
    _ encoder: inout Encoder
  ) {
    let size = cache.type.encoding.blockSize
    let values = x.type.shape.dropFirst().reduce(Dimension(1), *)
    let blocks = values.dividedRoundingUp(by: size)
    encoder.launch(
      KernelReference(
        source: .file("Layout/write_blocks.cl"), entry: "write_blocks_simt",
        defines: ["SIZE": "\(size)", "ROWS": places.isEmpty ? "0" : "1"], parameters: []),
      places + [.read("x", x), .write("y", cache)], parameters + [("blocks", blocks)],
      global: [8, x.type.extent(0)], local: [8, 1], itemsAreIndependent: places.isEmpty)
  }
}
