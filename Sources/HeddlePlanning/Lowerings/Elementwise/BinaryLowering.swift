/// `binary`: `Kernels/Elementwise/binary_wide.cl` and `binary_simt.cl`.
enum BinaryLowering: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem<Binary>) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem<Binary>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    try ElementByElement(
      name: "binary", function: "FUNCTION_\(problem.operation.function.rawValue.uppercased())", operands: ["a", "b"]
    ).encode(candidate, problem, into: &encoder)
  }
}
