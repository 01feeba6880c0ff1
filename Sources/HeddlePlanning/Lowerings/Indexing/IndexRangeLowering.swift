/// `range`: `Kernels/Indexing/index_range.cl`.
enum IndexRangeLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<IndexRange>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let range = problem.operation
    let y = encoder.destination(problem.result)
    encoder.launch(
      KernelReference(
        source: .file("Indexing/index_range.cl"), entry: "index_range_simt", defines: [:], parameters: []),
      [.write("y", y)], [("start", range.start), ("count", range.count)],
      global: [range.count.roundedUp(toMultipleOf: 64)], local: [64], itemsAreIndependent: true)
    return [y]
  }
}
