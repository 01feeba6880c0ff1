/// `unary`: `Kernels/Elementwise/unary_wide.cl` and `unary_simt.cl`.
enum UnaryLowering: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem<Unary>) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem<Unary>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    try ElementByElement(
      name: "unary", function: "FUNCTION_\(problem.operation.function.rawValue.uppercased())", operands: ["x"]
    ).encode(candidate, problem, into: &encoder)
  }
}
