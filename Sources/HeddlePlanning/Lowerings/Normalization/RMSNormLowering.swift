/// `rmsNorm`: `Kernels/Normalization/rms_norm.cl`.
enum RMSNormLowering: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem<RMSNorm>) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem<RMSNorm>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.tokenRows(problem["x"])
    let weight = try encoder.contiguous(problem["weight"])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    let localSize = problem.target.workGroupSize(64)
    encoder.launch(
      KernelReference(
        source: .file("Normalization/rms_norm.cl"), entry: "rms_norm_\(candidate.rawValue)",
        defines: ["LOCAL_SIZE": "\(localSize)", "EPSILON_BITS": KernelReference.define(problem.operation.epsilon)],
        parameters: []),
      [
        .read("x", x, [("stride", x.stride(0))]), .read("weight", weight), .write("y", y, [("stride", y.stride(0))]),
      ], [("width", x.type.extent(1))],
      global: candidate == .wide ? [x.type.extent(0)] : [Dimension(localSize), x.type.extent(0)],
      local: candidate == .wide ? [1] : [localSize, 1])
    return [result]
  }
}
