/// `elementwise` and `gatedSiLU`: `Kernels/Elementwise/binary.cl`.
enum Binary: Lowering {
  typealias Candidate = String

  static func validate(_ problem: Problem) throws(LoweringError) {}

  static func plan(_ problem: Problem) -> [String] {
    switch problem.node.operation {
    case .elementwise(let elementwise): ["FUNCTION_\(elementwise.function.rawValue.uppercased())"]
    default: ["FUNCTION_GATED_SILU"]
    }
  }

  static func shape(of candidate: String) -> KernelShape { .simt }

  static func encode(
    _ candidate: String, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let shape = problem.result.shape
    let operands = [try encoder.view(problem.node.operands[0]), try encoder.view(problem.node.operands[1])]
    let y = encoder.destination(problem.result)
    let strides = operands.map { Encoder.broadcastStrides($0, axes: $0.type.rank, to: shape) } + [y.strides]
    let walk = StridedWalk(shape: shape, strides: strides)
    encoder.launch(
      KernelReference(
        source: .file("Elementwise/binary.cl"), entry: "binary_simt",
        defines: ["RANK": "\(walk.shape.count)", candidate: "1"], parameters: []),
      [
        .read("a", operands[0], walk.parameters(0)), .read("b", operands[1], walk.parameters(1)),
        .write("y", y, walk.parameters(2)),
      ], walk.extents, global: [walk.count.roundedUp(toMultipleOf: 64)], local: [64])
    return [y]
  }
}

/// Several operands walked together in row-major order, with as few axes as their strides allow.
struct StridedWalk {
  private(set) var shape: [Dimension]
  private(set) var strides: [[Dimension]]

  init(shape: [Dimension], strides: [[Dimension]]) {
    self.shape = shape
    self.strides = strides
    // Axes of extent 1 first, then neighbours that every operand walks as one.
    for axis in shape.indices.reversed() where shape[axis] == 1 { remove(axis) }
    var axis = self.shape.count - 2
    while axis >= 0 {
      let inner = self.shape[axis + 1]
      if self.strides.allSatisfy({ $0[axis] == $0[axis + 1] * inner }) {
        self.shape[axis + 1] = self.shape[axis] * inner
        remove(axis)
      }
      axis -= 1
    }
    if self.shape.isEmpty {
      self.shape = [1]
      self.strides = strides.map { _ in [1] }
    }
  }

  private mutating func remove(_ axis: Int) {
    shape.remove(at: axis)
    for operand in strides.indices { strides[operand].remove(at: axis) }
  }

  var count: Dimension { shape.reduce(1, *) }

  /// `count` and `extent_0…`.
  var extents: [(String, Dimension)] {
    [("count", count)] + shape.enumerated().map { ("extent_\($0.offset)", $0.element) }
  }

  /// `stride_0…` of an operand.
  func parameters(_ operand: Int) -> [(String, Dimension)] {
    strides[operand].enumerated().map { ("stride_\($0.offset)", $0.element) }
  }
}
