/// A product's kernel with the defines of its tile, the parameters of the tile, and its NDRange.
struct ProductLaunch {
  var kernel: KernelReference
  var parameters: [(String, Dimension)] = []
  var global: [Dimension]
  var local: [Int]

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
        .read("x", x, [("stride", x.stride(0))]), .whole(w), bias, .read("r", r, [("stride", r.stride(0))]),
        .write("y", y, [("stride", y.stride(0))]),
      ],
      [
        ("tokens", problem.result.shape.dropLast().reduce(1, *)), ("outputs", problem.result.shape.last ?? 0),
      ] + extents + parameters, global: global, local: local)
    return result
  }
}
