/// `selectKeys`: `Kernels/Attention/select_keys.cl`.
enum SelectKeysLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<SelectKeys>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let indices = try encoder.view(problem["indices"])
    let y = encoder.destination(problem.result)
    let words = problem.result.extent(2)
    let (lists, groups) = (indices.type.extent(0), indices.type.extent(1))
    encoder.launch(
      KernelReference(
        source: .file("Attention/select_keys.cl"), entry: "select_keys_simt",
        defines: ["BLOCK": "\(problem.operation.block)L", "QUERIES": "\(problem.operation.queries)L"], parameters: []),
      [
        .read("indices", indices, [("t", indices.stride(0)), ("g", indices.stride(1)), ("n", indices.stride(2))]),
        .write("y", y),
      ],
      [
        ("count", indices.type.extent(2)), ("groups", groups), ("words", words), ("keys", problem.operation.keys),
      ],
      global: [words.roundedUp(toMultipleOf: 64), lists * groups], local: [64, 1], itemsAreIndependent: true)
    return [y]
  }
}
