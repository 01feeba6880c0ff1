/// `unary`: `Kernels/Elementwise/unary_wide.cl` and `unary_simt.cl`.
enum UnaryLowering: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard case .unary(let unary) = problem.node.operation else { return [] }
    return try ElementByElement(
      name: "unary", function: "FUNCTION_\(unary.function.rawValue.uppercased())", operands: ["x"]
    ).encode(candidate, problem, into: &encoder)
  }
}
