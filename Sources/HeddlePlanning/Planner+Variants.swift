extension Planner {
  /// The distinct ways this target can run a graph: what tests and tuning walk through. Each entry gives another list
  /// of kernels; the first is what ``plan(_:options:)`` takes by itself.
  public func variants(
    of graph: Graph, options: PlanOptions = PlanOptions()
  ) throws(PlanError) -> [(options: PlanOptions, plan: Plan)] {
    var seen: Set<[KernelReference]> = []
    var variants: [(options: PlanOptions, plan: Plan)] = []
    for shape in target.preferredShapes + KernelShape.allCases.filter({ !target.preferredShapes.contains($0) }) {
      var candidate = 0
      while true {
        var forced = options
        forced.shape = shape
        forced.candidate = candidate
        let plan = try plan(graph, options: forced)
        guard seen.insert(plan.lists.flatMap { $0.launches.map(\.kernel) }).inserted else { break }
        variants.append((forced, plan))
        candidate += 1
      }
    }
    return variants
  }
}
