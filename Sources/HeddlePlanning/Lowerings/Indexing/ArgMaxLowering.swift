/// `argmax`: `Kernels/Indexing/argmax.cl`.
enum ArgMaxLowering: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem<ArgMax>) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem<ArgMax>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.tokenRows(problem["x"])
    let y = encoder.destination(problem.result)
    let rows = x.type.extent(0)
    let localSize = candidate == .wide ? 1 : problem.target.workGroupSize(64)
    encoder.launch(
      KernelReference(
        source: .file("Indexing/argmax.cl"), entry: "argmax_\(candidate.rawValue)",
        defines: ["LOCAL_SIZE": "\(localSize)"], parameters: []),
      [.read("x", x, [("stride", x.stride(0))]), .write("y", y)], [("width", x.type.extent(1))],
      global: candidate == .wide ? [rows] : [Dimension(localSize), rows],
      local: candidate == .wide ? [1] : [localSize, 1])
    return [y]
  }
}
