/// `reshape`, `transpose` and `slice`: the same memory seen differently; a reshape whose strides do not allow it copies.
enum Views: Lowering {
  typealias Candidate = Void

  // Traps: never, inference has checked the operand, its axis and its permutation, and a view has a stride for each
  // axis.
  static func encode(
    _ candidate: Void, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    var view = try encoder.view(problem.node.operands[0])
    switch problem.node.operation {
    case .transpose(let transpose):
      view.strides = transpose.permutation.map { view.strides[$0] }
    case .slice(let slice):
      view.offset = view.offset + slice.start * view.strides[slice.axis]
    case .reshape:
      if let strides = reshapedStrides(view, to: problem.result.shape) {
        view.strides = strides
      } else {
        view = try encoder.materialize(view)
        view.strides = TensorView.rowMajorStrides(problem.result.shape)
      }
    default: break
    }
    view.type = problem.result
    return [view]
  }

  // Traps: never, the starts are in 0...old and 0...new, which begin as the ranks, and a view has a stride for each
  // axis.
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
