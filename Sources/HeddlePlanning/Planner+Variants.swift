extension Planner {
  /// No lowering has more candidates of one shape.
  static let maximumCandidates = 6

  /// The distinct ways this target can run a graph: what tests and tuning walk through. Each entry gives another list
  /// of kernels; the first is what ``plan(_:options:)`` takes by itself.
  public func variants(
    of graph: Graph, options: PlanOptions = PlanOptions()
  ) throws(PlanError) -> [(options: PlanOptions, plan: Plan)] {
    var seen: Set<[KernelReference]> = []
    var variants: [(options: PlanOptions, plan: Plan)] = []
    for shape in target.preferredShapes + KernelShape.allCases.filter({ !target.preferredShapes.contains($0) }) {
      for candidate in 0..<Planner.maximumCandidates {
        var forced = options
        forced.shape = shape
        forced.candidate = candidate
        let plan = try plan(graph, options: forced)
        guard seen.insert(plan.lists.flatMap { $0.launches.map(\.kernel) }).inserted else { continue }
        variants.append((forced, plan))
      }
    }
    return variants
  }
}
