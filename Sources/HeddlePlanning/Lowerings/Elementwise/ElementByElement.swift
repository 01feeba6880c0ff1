import HeddleText

/// What `Binary` and `UnaryLowering` share: a kernel `Kernels/Elementwise/<name>_wide.cl` that takes rows of contiguous
/// values, and `<name>_simt.cl` that takes operands that walk otherwise.
struct ElementByElement {
  var name: String
  /// The define that selects the function.
  var function: String
  /// Names of the kernel's operands, in order.
  var operands: [String]

  /// Values of a row one item computes: a token's feed-forward row still occupies several cores.
  private static let valuesPerItem = 256

  func encode(
    _ shape: KernelShape, _ problem: Problem<some GraphOperation>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    var views: [TensorView] = []
    for operand in problem.operands { views.append(try encoder.view(operand)) }
    let y = encoder.destination(problem.result)
    let extents = problem.result.shape
    let strides = views.map { Encoder.broadcastStrides($0, axes: $0.type.rank, to: extents) } + [y.strides]
    let walk = StridedWalk(shape: extents, strides: strides)
    var defines = [function: "1"]
    if shape == .wide, let width = walk.shape.last, walk.shape.count <= 2,
      walk.strides.allSatisfy({ $0.last == 1 })
    {
      defines["VALUES_PER_ITEM"] = "\(Self.valuesPerItem)"
      let rows = walk.shape.count == 2 ? walk.shape.first ?? 1 : 1
      let arguments = arguments(views, y) { operand in
        let strides = walk.strides[at: operand] ?? []
        return [("row", strides.count == 2 ? strides.first ?? 0 : 0)]
      }
      encoder.launch(
        KernelReference(
          source: .file("Elementwise/\(name)_wide.cl"), entry: "\(name)_wide", defines: defines, parameters: []),
        arguments, [("rows", rows), ("width", width)],
        global: [width.dividedRoundingUp(by: Self.valuesPerItem), rows], local: [1, 1])
    } else {
      defines["RANK"] = "\(walk.shape.count)"
      encoder.launch(
        KernelReference(
          source: .file("Elementwise/\(name)_simt.cl"), entry: "\(name)_simt", defines: defines, parameters: []),
        arguments(views, y) { walk.parameters($0) }, walk.extents,
        global: [walk.count.roundedUp(toMultipleOf: 64)], local: [64], itemsAreIndependent: true)
    }
    return [y]
  }

  private func arguments(
    _ views: [TensorView], _ y: TensorView, _ strides: (Int) -> [(String, Dimension)]
  ) -> [Argument] {
    zip(operands, views).enumerated().map { Argument.read($0.element.0, $0.element.1, strides($0.offset)) }
      + [.write("y", y, strides(views.count))]
  }
}
