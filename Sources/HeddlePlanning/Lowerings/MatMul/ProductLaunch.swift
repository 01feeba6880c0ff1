/// A product's kernel with the defines of its tile, the parameters of the tile, and its NDRange.
struct ProductLaunch {
  var kernel: KernelReference
  var parameters: [(String, Dimension)] = []
  var global: [Dimension]
  var local: [Int]

  static func kernel(_ file: String, _ entry: String, _ defines: [String: String]) -> KernelReference {
    KernelReference(source: .file("MatMul/\(file).cl"), entry: entry, defines: defines, parameters: [])
  }

  /// From a row of activations to the next, in units: blocks are contiguous.
  static func rowStride(_ x: TensorView) -> Dimension {
    let encoding = x.type.encoding
    if encoding.isScalar { return x.stride(0) }
    return x.type.extent(-1).dividedRoundingUp(by: encoding.blockSize) * Dimension(encoding.values.block.units)
  }

  /// Appends the launch with the operands that all products with a packed weight have: `x` as rows of tokens, `w`, bias,
  /// residual and the result, which is given back.
  func encode(
    _ problem: Problem<MatMul>, x: TensorView, w: BufferReference, defines: [String: String],
    _ extents: [(String, Dimension)], into encoder: inout Encoder
  ) throws(PlanError) -> TensorView {
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    let bias = try encoder.biasArgument(problem, otherwise: y)
    let r = try encoder.residualRows(problem, otherwise: y)
    var kernel = kernel
    kernel.defines.merge(problem.operation.epilogue.defines) { $1 }
    kernel.defines.merge(defines) { $1 }
    encoder.launch(
      kernel,
      [
        .read("x", x, [("stride", ProductLaunch.rowStride(x))]), .whole(w), bias,
        .read("r", r, [("stride", r.stride(0))]),
        .write("y", y, [("stride", y.stride(0))]),
      ],
      [
        ("tokens", problem.result.shape.dropLast().reduce(1, *)), ("outputs", problem.result.shape.last ?? 0),
      ] + extents + parameters, global: global, local: local)
    return result
  }
}

extension ProductLaunch {
  /// A wide product of `packed` or `sparse` weights, decoded where they are used (`direct_wide.cl`) or, up to `chunk` kept
  /// values at a time, for all tiles of an item (`chunks_wide.cl`).
  init(
    _ tile: WideTile, _ weights: String, chunk: Int? = nil, input: ProductInput = .floats,
    defines: [String: String] = [:],
    tokens: Dimension, outputs: Dimension
  ) {
    var defines = defines.merging(tile.defines) { $1 }.merging(input.defines) { $1 }
    if let chunk {
      defines["CHUNK"] = "\(chunk)"
      defines["MAXIMUM_TILES"] = "\(WideTile.maximumTiles)"
    } else {
      defines["BATCHED"] = "0"
    }
    let file = chunk == nil ? "direct_wide" : "chunks_wide"
    let entry = "matmul_\(weights)\(chunk == nil ? "" : "_chunks")_wide"
    self.init(
      kernel: ProductLaunch.kernel(file, entry, defines), parameters: [("tiles", Dimension(tile.tiles))],
      global: tile.global(tokens: tokens, outputs: outputs), local: [1, 1])
  }

  /// A product by work-groups of `tile`.
  init(
    _ tile: SIMTTile, file: String, entry: String, defines: [String: String], tokens: Dimension, outputs: Dimension
  ) {
    self.init(
      kernel: ProductLaunch.kernel(file, entry, tile.defines.merging(defines) { $1 }),
      global: tile.global(tokens: tokens, outputs: outputs), local: tile.local)
  }
}
