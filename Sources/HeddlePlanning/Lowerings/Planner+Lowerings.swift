extension Planner {
  /// Appends the launches of a node by the first lowering that takes it. Returns where the results are.
  func lower(
    _ problem: Problem<any GraphOperation>, _ options: PlanOptions, _ encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    var refusal: LoweringError?
    for lowering in Lowerings.of(problem.operation) {
      do {
        return try lower(lowering, problem, options, &encoder)
      } catch {
        switch error {
        case .refused(let reason): refusal = reason.preferred(to: refusal)
        case .failed(let error): throw error
        }
      }
    }
    throw unsupported(problem, encoder, refusal?.reason ?? "no kernel computes it")
  }

  /// Throws why no lowering takes the problem.
  func validate(_ problem: Problem<any GraphOperation>) throws(LoweringError) {
    var refusal: LoweringError?
    for lowering in Lowerings.of(problem.operation) {
      do {
        return try validate(lowering, problem)
      } catch {
        refusal = error.preferred(to: refusal)
      }
    }
    if case .leaf = problem.operation.effect(on: problem.types) { return }
    throw refusal ?? LoweringError("no kernel computes it")
  }

  private func validate<L: Lowering>(_: L.Type, _ problem: Problem<any GraphOperation>) throws(LoweringError) {
    guard let problem = problem.typed(L.Operation.self) else { throw .another("another operation") }
    try L.validate(problem)
  }

  private enum Attempt: Error {
    case refused(LoweringError)
    case failed(PlanError)
  }

  /// Validates, takes the candidate the options ask for, and encodes it.
  private func lower<L: Lowering>(
    _ lowering: L.Type, _ problem: Problem<any GraphOperation>, _ options: PlanOptions, _ encoder: inout Encoder
  ) throws(Attempt) -> [TensorView] {
    do {
      try validate(lowering, problem)
    } catch { throw .refused(error) }
    guard let problem = problem.typed(L.Operation.self) else { throw .refused(.another("another operation")) }
    let candidates = L.plan(problem)
    let shapes = [options.shape].compactMap { $0 } + target.preferredShapes + KernelShape.allCases
    for shape in shapes {
      var allowed = candidates.filter { L.shape(of: $0) == shape && !L.hasOwnOrder($0) }
      guard !allowed.isEmpty else { continue }
      if options.numerics == .relaxed { allowed += candidates.filter { L.hasOwnOrder($0) } }
      do {
        guard let chosen = try choose(L.self, allowed, problem, options, &encoder) else { continue }
        return try L.encode(chosen, problem, into: &encoder)
      } catch { throw .failed(error) }
    }
    throw .refused(LoweringError("no kernel fits the device"))
  }

  private func unsupported(
    _ problem: Problem<any GraphOperation>, _ encoder: Encoder, _ reason: String
  ) -> PlanError {
    .unsupported(
      problem.operation.name, operands: problem.types, reason: reason, encoder.graph.origin(of: problem.index))
  }
}
