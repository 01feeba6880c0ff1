/// `reshape`: the same memory seen differently; one whose strides do not allow it copies.
enum ReshapeLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<Reshape>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.view(problem["x"])
    if let strides = reshapedStrides(x, to: problem.result.shape) {
      return [TensorView(buffer: x.buffer, offset: x.offset, strides: strides, type: problem.result)]
    }
    let copy = try encoder.materialize(x)
    return [TensorView(buffer: copy.buffer, offset: copy.offset, type: problem.result)]
  }

  // Traps: never (axes-of-a-view).
  /// Strides that show the view under another shape without moving it, if there are any: runs of axes with one product
  /// are matched from the last axis on, and the old ones of a run must collapse.
  static func reshapedStrides(_ view: TensorView, to shape: [Dimension]) -> [Dimension]? {
    if view.isContiguous { return TensorView.rowMajorStrides(shape) }
    var strides = [Dimension](repeating: 0, count: shape.count)
    var (old, new) = (view.type.rank, shape.count)
    while new > 0 || old > 0 {
      // A run: the fewest trailing axes on both sides with equal element counts.
      var (oldStart, newStart) = (max(old - 1, 0), max(new - 1, 0))
      func product(_ range: Range<Int>, _ of: [Dimension]) -> Dimension { range.reduce(1) { $0 * of[$1] } }
      while true {
        let (a, b) = (product(oldStart..<old, view.type.shape), product(newStart..<new, shape))
        if a == b { break }
        let oldIsSmaller = a.isSmaller(than: b)
        if oldIsSmaller, oldStart > 0 {
          oldStart -= 1
        } else if newStart > 0 {
          newStart -= 1
        } else if oldStart > 0 {
          oldStart -= 1
        } else {
          return nil
        }
      }
      if old > oldStart {
        guard let run = view.collapsing(oldStart, through: old - 1) else { return nil }
        var stride = run.strides[oldStart]
        for axis in (newStart..<new).reversed() {
          strides[axis] = stride
          stride = stride * shape[axis]
        }
      } else {
        for axis in newStart..<new { strides[axis] = 1 }
      }
      (old, new) = (oldStart, newStart)
    }
    return strides
  }
}

extension Dimension {
  /// Whether a product of trailing extents must grow to reach `other`: decided by numbers if both are, else by symbols.
  fileprivate func isSmaller(than other: Dimension) -> Bool {
    if let a = constant, let b = other.constant { return a < b }
    return symbols.isStrictSubset(of: other.symbols)
  }
}
