/// `elementwise` and `gatedSiLU`: `Kernels/Elementwise/binary_wide.cl` and `binary_simt.cl`.
enum Binary: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let function =
      switch problem.node.operation {
      case .elementwise(let elementwise): "FUNCTION_\(elementwise.function.rawValue.uppercased())"
      default: "FUNCTION_GATED_SILU"
      }
    return try ElementByElement(name: "binary", function: function, operands: ["a", "b"])
      .encode(candidate, problem, into: &encoder)
  }
}
