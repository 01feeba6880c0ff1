/// `layerNorm`: `Kernels/Normalization/layer_norm.cl`.
enum LayerNormLowering: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem<LayerNorm>) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem<LayerNorm>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let weight = try encoder.contiguous(problem["weight"])
    let hasBias = problem["bias"].value != nil
    let bias = hasBias ? try encoder.contiguous(problem["bias"]) : weight
    return try RowNormalization(
      name: "layer_norm", epsilon: problem.operation.epsilon, vectors: [("weight", weight), ("bias", bias)],
      defines: ["HAS_BIAS": hasBias ? "1" : "0"]
    ).encode(candidate, problem, into: &encoder)
  }
}
