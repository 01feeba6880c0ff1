/// Several operands walked together in row-major order, with as few axes as their strides allow.
struct StridedWalk {
  private(set) var shape: [Dimension]
  private(set) var strides: [[Dimension]]

  // Traps: never, operands have a stride for each axis of the shape.
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

  // Traps: never, operands have a stride for each axis of the shape.
  private mutating func remove(_ axis: Int) {
    shape.remove(at: axis)
    for operand in strides.indices { strides[operand].remove(at: axis) }
  }

  var count: Dimension { shape.reduce(1, *) }

  /// `count` and `extent_0…`.
  var extents: [(String, Dimension)] {
    [("count", count)] + shape.enumerated().map { ("extent_\($0.offset)", $0.element) }
  }

  // Traps: never, callers pass the place of an operand.
  /// `stride_0…` of an operand.
  func parameters(_ operand: Int) -> [(String, Dimension)] {
    strides[operand].enumerated().map { ("stride_\($0.offset)", $0.element) }
  }
}

extension Encoder {
  // Traps: never, `axes` are the view's own, and `own` is one of them.
  /// Strides of the first `axes` axes of a view as it broadcasts to `shape`: 0 where an axis is stretched or missing.
  static func broadcastStrides(_ view: TensorView, axes: Int, to shape: [Dimension]) -> [Dimension] {
    shape.indices.map { axis in
      let own = axis - (shape.count - axes)
      guard own >= 0 else { return 0 }
      return view.type.shape[own] == 1 && shape[axis] != 1 ? 0 : view.strides[own]
    }
  }
}
