/// `orthonormalRows`: `Kernels/Normalization/orthonormal_rows.cl`.
enum OrthonormalRowsLowering: Lowering {
  typealias Candidate = KernelShape

  static func plan(_ problem: Problem<OrthonormalRows>) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem<OrthonormalRows>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.rows(problem["x"])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    let localSize = candidate == .wide ? 1 : problem.target.workGroupSize(256)
    encoder.launch(
      KernelReference(
        source: .file("Normalization/orthonormal_rows.cl"), entry: "orthonormal_rows_\(candidate.rawValue)",
        defines: ["LOCAL_SIZE": "\(localSize)"], parameters: []),
      [.read("x", x, [("stride", x.stride(0))]), .write("y", y, [("stride", y.stride(0))])],
      [("rows", x.type.extent(0)), ("columns", x.type.extent(1))],
      global: [Dimension(localSize)], local: [localSize])
    return [result]
  }
}
