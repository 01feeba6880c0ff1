// Traps: never, inference has checked the count and the ranks of the operands, a view has a stride for each axis, and
// each node has an origin.

/// `softmax`: `Kernels/Normalization/softmax.cl`.
enum SoftmaxLowering: Lowering {
  typealias Candidate = Int

  static func plan(_ problem: Problem) -> [Int] { [problem.target.workGroupSize(64)] }
  static func shape(of candidate: Int) -> KernelShape { .simt }
  static func name(of candidate: Int) -> String { "simt \(candidate)" }

  static func encode(
    _ candidate: Int, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.tokenRows(problem.node.operands[0])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    encoder.launch(
      KernelReference(
        source: .file("Normalization/softmax.cl"), entry: "softmax_simt", defines: ["LOCAL_SIZE": "\(candidate)"],
        parameters: []),
      [.read("x", x, [("stride", x.strides[0])]), .write("y", y, [("stride", y.strides[0])])],
      [("width", x.type.shape[1])], global: [Dimension(candidate), x.type.shape[0]], local: [candidate, 1])
    return [result]
  }
}
