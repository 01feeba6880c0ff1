import Heddle
import _KernelCases

/// A way the backend can run a case.
struct Variant {
  /// The kernels, in order.
  let name: String
  /// nil for what the backend takes by itself.
  let options: PlanOptions?
  /// Whether the backend would take it.
  var isChosen: Bool { options == nil }

  init(_ plan: Plan, _ options: PlanOptions?) {
    name = plan.lists.flatMap(\.launches).map(\.action.variantName).joined(separator: " + ")
    self.options = options
  }
}

extension Workload {
  /// What the backend takes for the case, then all others; without `everyShape` only those of the device's own kernel
  /// shape.
  func variants(on backend: OpenCLBackend, everyShape: Bool) async throws -> [Variant] {
    let graph = opCase.graph
    // Not by asking the planner: what the backend takes may have been tuned.
    let chosen = try await backend.compile(graph, constants: opCase.constants, options: nil).plan
    func kernels(_ plan: Plan) -> [[LaunchAction]] { plan.lists.map { $0.launches.map(\.action) } }
    let preferred = backend.planner.target.preferredShapes.first
    let others = try backend.planner.variants(of: graph).filter { variant in
      kernels(variant.plan) != kernels(chosen) && (everyShape || variant.options.shape == preferred)
    }
    return [Variant(chosen, nil)] + others.map { Variant($0.plan, $0.options) }
  }
}
