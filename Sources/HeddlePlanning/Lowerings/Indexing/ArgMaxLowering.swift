/// `argmax`: `Kernels/Indexing/argmax.cl`.
enum ArgMaxLowering: Lowering {
  typealias Candidate = Int

  static func plan(_ problem: Problem<ArgMax>) -> [Int] { [problem.target.workGroupSize(64)] }
  static func shape(of candidate: Int) -> KernelShape { .simt }
  static func name(of candidate: Int) -> String { "simt \(candidate)" }

  static func encode(
    _ candidate: Int, _ problem: Problem<ArgMax>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.tokenRows(problem["x"])
    let y = encoder.destination(problem.result)
    encoder.launch(
      KernelReference(
        source: .file("Indexing/argmax.cl"), entry: "argmax_simt", defines: ["LOCAL_SIZE": "\(candidate)"],
        parameters: []),
      [.read("x", x, [("stride", x.stride(0))]), .write("y", y)], [("width", x.type.extent(1))],
      global: [Dimension(candidate), x.type.extent(0)], local: [candidate, 1])
    return [y]
  }
}
