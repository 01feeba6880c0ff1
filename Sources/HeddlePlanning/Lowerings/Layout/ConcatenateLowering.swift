/// `concatenate`: a copy an operand.
enum ConcatenateLowering: Lowering {
  typealias Candidate = Void

  static func validate(_ problem: Problem<Concatenate>) throws(LoweringError) {
    guard case .dense = problem.result.encoding else {
      throw LoweringError("a concatenation in \(problem.result.encoding) can only be a weight")
    }
  }

  static func encode(
    _ candidate: Void, _ problem: Problem<Concatenate>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let result = encoder.destination(problem.result)
    let axis = problem.operation.axis
    var start: Dimension = 0
    for operand in problem.operands {
      let source = try encoder.view(operand)
      var part = result
      part.type = source.type
      part.offset = part.offset + start * part.stride(axis)
      try Copy.encode(from: source, to: part, into: &encoder)
      start = start + source.type.extent(axis)
    }
    return [result]
  }
}
