/// `balanceBias`: `Kernels/Experts/balance_bias.cl`.
enum BalanceBiasLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<BalanceBias>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let bias = try encoder.contiguous(problem["bias"])
    let counts = try encoder.contiguous(problem["counts"])
    let y = encoder.destination(problem.result)
    let localSize = problem.target.workGroupSize(64)
    encoder.launch(
      KernelReference(
        source: .file("Experts/balance_bias.cl"), entry: "balance_bias_simt",
        defines: ["LOCAL_SIZE": "\(localSize)", "RATE_BITS": KernelReference.define(problem.operation.rate)],
        parameters: []),
      [.read("bias", bias), .read("counts", counts), .write("y", y)],
      [("experts", bias.type.extent(0)), ("steps", problem.operation.steps)],
      global: [Dimension(localSize)], local: [localSize])
    return [y]
  }
}
