// Traps: never, inference has checked the count and the ranks of the operands, a view has a stride for each axis, and
// each node has an origin.

/// `argmax`: `Kernels/Indexing/argmax.cl`.
enum ArgMaxLowering: Lowering {
  typealias Candidate = Int

  static func plan(_ problem: Problem) -> [Int] { [problem.target.workGroupSize(64)] }
  static func shape(of candidate: Int) -> KernelShape { .simt }
  static func name(of candidate: Int) -> String { "simt \(candidate)" }

  static func encode(
    _ candidate: Int, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.tokenRows(problem.node.operands[0])
    let y = encoder.destination(problem.result)
    encoder.launch(
      KernelReference(
        source: .file("Indexing/argmax.cl"), entry: "argmax_simt", defines: ["LOCAL_SIZE": "\(candidate)"],
        parameters: []),
      [.read("x", x, [("stride", x.strides[0])]), .write("y", y)], [("width", x.type.shape[1])],
      global: [Dimension(candidate), x.type.shape[0]], local: [candidate, 1])
    return [y]
  }
}
