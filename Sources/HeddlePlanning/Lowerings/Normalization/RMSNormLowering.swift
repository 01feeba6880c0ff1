/// `rmsNorm`: `Kernels/Normalization/rms_norm.cl`.
enum RMSNormLowering: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem<RMSNorm>) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem<RMSNorm>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let weight = try encoder.contiguous(problem["weight"])
    return try RowNormalization(
      name: "rms_norm", epsilon: problem.operation.epsilon, vectors: [("weight", weight)]
    ).encode(candidate, problem, into: &encoder)
  }
}
