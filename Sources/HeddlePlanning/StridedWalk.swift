import HeddleText

/// Several operands walked together in row-major order, with as few axes as their strides allow.
struct StridedWalk {
  private(set) var shape: [Dimension]
  private(set) var strides: [[Dimension]]

  init(shape: [Dimension], strides: [[Dimension]]) {
    // Axes of extent 1 left out, neighbours that every operand walks as one are merged, from the last on.
    var merged: [(extent: Dimension, strides: [Dimension])] = []
    for (axis, extent) in shape.enumerated().reversed() where extent != 1 {
      let own = strides.map { $0[at: axis] ?? 0 }
      if let inner = merged.last, zip(own, inner.strides).allSatisfy({ $0 == $1 * inner.extent }) {
        _ = merged.popLast()
        merged.append((extent * inner.extent, inner.strides))
      } else {
        merged.append((extent, own))
      }
    }
    if merged.isEmpty { merged = [(1, strides.map { _ in 1 })] }
    self.shape = merged.reversed().map(\.extent)
    self.strides = strides.indices.map { operand in merged.reversed().map { $0.strides[at: operand] ?? 0 } }
  }

  var count: Dimension { shape.reduce(1, *) }

  /// `count` and `extent_0…`.
  var extents: [(String, Dimension)] {
    [("count", count)] + shape.enumerated().map { ("extent_\($0.offset)", $0.element) }
  }

  /// `stride_0…` of an operand.
  func parameters(_ operand: Int) -> [(String, Dimension)] {
    (strides[at: operand] ?? []).enumerated().map { ("stride_\($0.offset)", $0.element) }
  }
}

extension Encoder {
  /// Strides of the first `axes` axes of a view as it broadcasts to `shape`: 0 where an axis is stretched or missing.
  static func broadcastStrides(_ view: TensorView, axes: Int, to shape: [Dimension]) -> [Dimension] {
    shape.enumerated().map { axis, extent in
      let own = axis &- (shape.count &- axes)
      guard own >= 0 else { return 0 }
      return view.type.extent(own) == 1 && extent != 1 ? 0 : view.stride(own)
    }
  }
}
