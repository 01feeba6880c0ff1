/// What `RMSNormLowering` and `LayerNormLowering` share: a kernel `Kernels/Normalization/<name>.cl` whose group, or whose wide
/// item, owns a row of x.
struct RowNormalization {
  /// As the kernel's file is called, and its entries begin.
  var name: String
  var epsilon: Float
  /// The operands `[D]` that the kernel takes after x, each by its name.
  var vectors: [(name: String, view: TensorView)]
  /// Defines beside those of every such kernel.
  var defines: [String: String] = [:]

  func encode(
    _ shape: KernelShape, _ problem: Problem<some GraphOperation>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.tokenRows(problem["x"])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    let localSize = problem.target.workGroupSize(64)
    var defines = defines
    defines["LOCAL_SIZE"] = "\(localSize)"
    defines["EPSILON_BITS"] = KernelReference.define(epsilon)
    encoder.launch(
      KernelReference(
        source: .file("Normalization/\(name).cl"), entry: "\(name)_\(shape.rawValue)", defines: defines, parameters: []),
      [.read("x", x, [("stride", x.stride(0))])] + vectors.map { .read($0.name, $0.view) }
        + [.write("y", y, [("stride", y.stride(0))])],
      [("width", x.type.extent(1))],
      global: shape == .wide ? [x.type.extent(0)] : [Dimension(localSize), x.type.extent(0)],
      local: shape == .wide ? [1] : [localSize, 1])
    return [result]
  }
}
