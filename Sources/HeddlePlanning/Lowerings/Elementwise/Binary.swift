/// `elementwise` and `gatedSiLU`: `Kernels/Elementwise/binary_wide.cl` and `binary_simt.cl`.
///
/// The wide kernel takes rows of contiguous values; operands that walk otherwise get the strided one.
enum Binary: Lowering {
  typealias Candidate = KernelShape

  /// Values of a row one item computes: a token's feed-forward row still occupies several cores.
  private static let valuesPerItem = 256

  static func plan(_ problem: Problem) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let shape = problem.result.shape
    let operands = [try encoder.view(problem.node.operands[0]), try encoder.view(problem.node.operands[1])]
    let y = encoder.destination(problem.result)
    let strides = operands.map { Encoder.broadcastStrides($0, axes: $0.type.rank, to: shape) } + [y.strides]
    let walk = StridedWalk(shape: shape, strides: strides)
    var defines = [function(problem.node.operation): "1"]
    if candidate == .wide, let width = walk.shape.last, walk.shape.count <= 2,
      walk.strides.allSatisfy({ $0.last == 1 })
    {
      defines["VALUES_PER_ITEM"] = "\(valuesPerItem)"
      func row(_ operand: Int) -> [(String, Dimension)] {
        [("row", walk.strides[operand].count == 2 ? walk.strides[operand][0] : 0)]
      }
      let rows = walk.shape.count == 2 ? walk.shape[0] : 1
      encoder.launch(
        KernelReference(
          source: .file("Elementwise/binary_wide.cl"), entry: "binary_wide", defines: defines, parameters: []),
        [.read("a", operands[0], row(0)), .read("b", operands[1], row(1)), .write("y", y, row(2))],
        [("rows", rows), ("width", width)], global: [width.dividedRoundingUp(by: valuesPerItem), rows], local: [1, 1])
    } else {
      defines["RANK"] = "\(walk.shape.count)"
      encoder.launch(
        KernelReference(
          source: .file("Elementwise/binary_simt.cl"), entry: "binary_simt", defines: defines, parameters: []),
        [
          .read("a", operands[0], walk.parameters(0)), .read("b", operands[1], walk.parameters(1)),
          .write("y", y, walk.parameters(2)),
        ], walk.extents, global: [walk.count.roundedUp(toMultipleOf: 64)], local: [64])
    }
    return [y]
  }

  private static func function(_ operation: Operation) -> String {
    switch operation {
    case .elementwise(let elementwise): "FUNCTION_\(elementwise.function.rawValue.uppercased())"
    default: "FUNCTION_GATED_SILU"
    }
  }
}
