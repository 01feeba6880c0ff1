/// `transpose`: the same memory with its strides in another order.
enum TransposeLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<Transpose>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.view(problem["x"])
    let strides = problem.operation.permutation.map { x.stride($0) }
    return [TensorView(buffer: x.buffer, offset: x.offset, strides: strides, type: problem.result)]
  }
}
