// Traps: never, inference has checked the count and the ranks of the operands, a view has a stride for each axis, and
// each node has an origin.

/// `rmsNorm`: `Kernels/Normalization/rms_norm.cl`.
enum RMSNormLowering: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard case .rmsNorm(let norm) = problem.node.operation else { return [] }
    let x = try encoder.tokenRows(problem.node.operands[0])
    let weight = try encoder.contiguous(problem.node.operands[1])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    let localSize = problem.target.workGroupSize(64)
    encoder.launch(
      KernelReference(
        source: .file("Normalization/rms_norm.cl"), entry: "rms_norm_\(candidate.rawValue)",
        defines: ["LOCAL_SIZE": "\(localSize)", "EPSILON_BITS": KernelReference.define(norm.epsilon)], parameters: []),
      [
        .read("x", x, [("stride", x.strides[0])]), .read("weight", weight), .write("y", y, [("stride", y.strides[0])]),
      ], [("width", x.type.shape[1])],
      global: candidate == .wide ? [x.type.shape[0]] : [Dimension(localSize), x.type.shape[0]],
      local: candidate == .wide ? [1] : [localSize, 1])
    return [result]
  }
}
