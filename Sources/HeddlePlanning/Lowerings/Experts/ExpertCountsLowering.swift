/// `expertCounts`: `Kernels/Experts/expert_counts.cl`.
enum ExpertCountsLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<ExpertCounts>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let indices = try encoder.contiguous(problem["indices"])
    let y = encoder.destination(problem.result)
    let experts = Dimension(problem.operation.experts)
    let localSize = problem.target.workGroupSize(64)
    encoder.launch(
      KernelReference(
        source: .file("Experts/expert_counts.cl"), entry: "expert_counts_simt", defines: ["LOCAL_SIZE": "\(localSize)"],
        parameters: []),
      [.read("indices", indices), .write("y", y)], [("count", indices.type.elementCount), ("experts", experts)],
      global: [Dimension(localSize), experts], local: [localSize, 1])
    return [y]
  }
}
