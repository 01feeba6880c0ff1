extension Planner {
  /// The distinct ways this target can run a graph: what tests and tuning walk through. Each entry gives another list
  /// of kernels; the first is what ``plan(_:options:)`` takes by itself.
  ///
  /// - Parameters:
  ///   - bindings: Plans only the ranges that one of these is in; nil for all.
  ///   - everyCandidate: Whether kernels that differ only in their tile are different ways.
  public func variants(
    of graph: Graph, options: PlanOptions = PlanOptions(), at bindings: [Bindings]? = nil, everyCandidate: Bool = true
  ) throws(PlanError) -> [(options: PlanOptions, plan: Plan)] {
    var options = options
    if let bindings {
      options.ranges = (options.ranges ?? BindingRange.defaults(for: graph)).filter {
        bindings.contains(where: $0.contains)
      }
    }
    var seen = UniqueList<[LaunchAction]>()
    var variants: [(options: PlanOptions, plan: Plan)] = []
    for shape in target.preferredShapes + KernelShape.allCases.filter({ !target.preferredShapes.contains($0) }) {
      var (candidate, count) = (0, 1)
      while candidate < count {
        defer { candidate &+= 1 }
        var forced = options
        forced.shape = shape
        forced.candidate = candidate
        let plan = try plan(graph, options: forced)
        count = plan.lists.flatMap(\.choices).map(\.offeredCount).max() ?? 1
        let actions = plan.lists.flatMap { $0.launches.map(\.action) }
        let known = seen.elements.count
        guard seen.insert(everyCandidate ? actions : actions.map(\.withoutDefines)) == known else { continue }
        variants.append((forced, plan))
      }
    }
    return variants
  }
}

extension LaunchAction {
  /// The same kernel in whatever tile.
  fileprivate var withoutDefines: LaunchAction {
    switch self {
    case .kernel(var kernel):
      kernel.defines = [:]
      return .kernel(kernel)
    case .call(var call):
      call.flags = []
      return .call(call)
    case .fetch: return self
    }
  }
}
