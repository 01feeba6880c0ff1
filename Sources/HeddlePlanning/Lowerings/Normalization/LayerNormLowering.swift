/// `layerNorm`: `Kernels/Normalization/layer_norm.cl`.
enum LayerNormLowering: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem<LayerNorm>) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem<LayerNorm>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.tokenRows(problem["x"])
    let weight = try encoder.contiguous(problem["weight"])
    let hasBias = problem["bias"].value != nil
    let bias = hasBias ? try encoder.contiguous(problem["bias"]) : weight
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    let localSize = problem.target.workGroupSize(64)
    encoder.launch(
      KernelReference(
        source: .file("Normalization/layer_norm.cl"), entry: "layer_norm_\(candidate.rawValue)",
        defines: [
          "LOCAL_SIZE": "\(localSize)", "EPSILON_BITS": KernelReference.define(problem.operation.epsilon),
          "HAS_BIAS": hasBias ? "1" : "0",
        ],
        parameters: []),
      [
        .read("x", x, [("stride", x.stride(0))]), .read("weight", weight), .read("bias", bias),
        .write("y", y, [("stride", y.stride(0))]),
      ], [("width", x.type.extent(1))],
      global: candidate == .wide ? [x.type.extent(0)] : [Dimension(localSize), x.type.extent(0)],
      local: candidate == .wide ? [1] : [localSize, 1])
    return [result]
  }
}
