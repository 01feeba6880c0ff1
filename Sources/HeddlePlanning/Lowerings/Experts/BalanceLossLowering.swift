/// `balanceLoss`: `Kernels/Experts/balance_loss.cl`.
enum BalanceLossLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<BalanceLoss>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let scores = try encoder.rows(problem["scores"])
    let counts = try encoder.contiguous(problem["counts"])
    let y = encoder.destination(problem.result)
    let localSize = problem.target.workGroupSize(64)
    encoder.launch(
      KernelReference(
        source: .file("Experts/balance_loss.cl"), entry: "balance_loss_simt",
        defines: ["LOCAL_SIZE": "\(localSize)", "WEIGHT_BITS": KernelReference.define(problem.operation.weight)],
        parameters: []),
      [.read("scores", scores, [("stride", scores.stride(0))]), .read("counts", counts), .write("y", y)],
      [("tokens", scores.type.extent(0)), ("experts", scores.type.extent(1))],
      global: [Dimension(localSize)], local: [localSize])
    return [y]
  }
}
