/// `slice`: the same memory from another place on.
enum SliceLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<Slice>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.view(problem["x"])
    let offset = x.offset + problem.operation.start * x.stride(problem.operation.axis)
    return [TensorView(buffer: x.buffer, offset: offset, strides: x.strides, type: problem.result)]
  }
}
