/// `softmax`: `Kernels/Normalization/softmax.cl`.
enum SoftmaxLowering: Lowering {
  typealias Candidate = Int

  static func plan(_ problem: Problem<Softmax>) -> [Int] { [problem.target.workGroupSize(64)] }
  static func shape(of candidate: Int) -> KernelShape { .simt }
  static func name(of candidate: Int) -> String { "simt \(candidate)" }

  static func encode(
    _ candidate: Int, _ problem: Problem<Softmax>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.tokenRows(problem["x"])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    encoder.launch(
      KernelReference(
        source: .file("Normalization/softmax.cl"), entry: "softmax_simt", defines: ["LOCAL_SIZE": "\(candidate)"],
        parameters: []),
      [.read("x", x, [("stride", x.stride(0))]), .write("y", y, [("stride", y.stride(0))])],
      [("width", x.type.extent(1))], global: [Dimension(candidate), x.type.extent(0)], local: [candidate, 1])
    return [result]
  }
}
