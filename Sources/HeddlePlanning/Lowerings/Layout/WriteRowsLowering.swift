/// `writeRows`: writes the new rows into the cache's own place if the result leads to its state's next value, else into a
/// copy of it. Rows that follow each other are copied; others are `Kernels/Layout/write_rows.cl`.
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
    var x = try encoder.view(problem["x"])
    // Rows of the cache itself: reading and writing would overlap.
    if isInPlace, x.buffer == cache.buffer { x = try encoder.materialize(x) }
    if let position = problem.operation.position {
      var destination = cache
      destination.type = x.type
      destination.offset = cache.offset + position * cache.stride(0)
      try Copy.encode(from: x, to: destination, into: &encoder)
    } else {
      var rows = try encoder.view(problem["rows"])
      if isInPlace, rows.buffer == cache.buffer { rows = try encoder.materialize(rows) }
      write(x, to: cache, rows: rows, into: &encoder)
    }
    return [cache]
  }

  private static func write(_ x: TensorView, to cache: TensorView, rows: TensorView, into encoder: inout Encoder) {
    let walk = StridedWalk(
      shape: Array(x.type.shape.dropFirst()), strides: [x, cache].map { Array($0.strides.dropFirst()) })
    let tokens = x.type.extent(0)
    encoder.launch(
      KernelReference(
        source: .file("Layout/write_rows.cl"), entry: "write_rows_simt",
        defines: [
          "RANK": "\(walk.shape.count)", "ELEMENT": x.type.encoding.blockByteCount == 2 ? "ushort" : "uint",
        ], parameters: []),
      [
        .read("rows", rows, [("stride", rows.stride(0))]), .read("x", x, [("t", x.stride(0))] + walk.parameters(0)),
        .write("y", cache, [("t", cache.stride(0))] + walk.parameters(1)),
      ], [("capacity", cache.type.extent(0)), ("tokens", tokens)] + walk.extents,
      global: [walk.count.roundedUp(toMultipleOf: 64), tokens], local: [64, 1])
  }
}
