/// `topK`: `Kernels/Indexing/top_k.cl`.
enum TopKLowering: Lowering {
  typealias Candidate = Int

  static func plan(_ problem: Problem<TopK>) -> [Int] { [problem.target.workGroupSize(64)] }
  static func shape(of candidate: Int) -> KernelShape { .simt }
  static func name(of candidate: Int) -> String { "simt \(candidate)" }

  static func encode(
    _ candidate: Int, _ problem: Problem<TopK>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.tokenRows(problem["x"])
    let values = encoder.destination(problem.result)
    let indices = encoder.destination(TensorType(.int32, problem.result.shape), result: 1)
    encoder.launch(
      KernelReference(
        source: .file("Indexing/top_k.cl"), entry: "top_k_simt", defines: ["LOCAL_SIZE": "\(candidate)"],
        parameters: []),
      [.read("x", x, [("stride", x.stride(0))]), .write("values", values), .write("indices", indices)],
      [("width", x.type.extent(1)), ("count", Dimension(problem.operation.count))],
      global: [Dimension(candidate), x.type.extent(0)], local: [candidate, 1])
    return [values, indices]
  }
}
