import Heddle

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

  /// What the backend takes for a graph, then all others; without `everyShape` only those of the device's own kernel
  /// shape.
  static func all(
    _ graph: Graph, _ constants: ConstantStore, on backend: OpenCLBackend, everyShape: Bool
  ) async throws -> [Variant] {
    // Not by asking the planner: what the backend takes may have been tuned.
    let chosen = try await backend.compile(graph, constants: constants, options: nil).plan
    func kernels(_ plan: Plan) -> [[LaunchAction]] { plan.lists.map { $0.launches.map(\.action) } }
    let preferred = backend.planner.target.preferredShapes.first
    let others = try backend.planner.variants(of: graph).filter { variant in
      kernels(variant.plan) != kernels(chosen) && (everyShape || variant.options.shape == preferred)
    }
    return [Variant(chosen, nil)] + others.map { Variant($0.plan, $0.options) }
  }
}

extension MatMulData: Workload {
  func variants(on backend: OpenCLBackend, everyShape: Bool) async throws -> [Variant] {
    let matmul = try MatMulGraph(problem, weights: weights)
    return try await Variant.all(matmul.graph, matmul.constants, on: backend, everyShape: everyShape)
  }

  func contestant(_ variant: Variant, copies: Int, on backend: OpenCLBackend) async throws -> any Contestant {
    try await HeddleMatMul(self, copies: copies, variant: variant, on: backend)
  }

  func check(_ contestant: any Contestant, called name: String) async throws {
    try await oracle().check(contestant, called: name)
  }
}
