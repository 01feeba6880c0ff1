import HeddleText

/// What tells problems of one command list apart.
struct ProblemKey: Hashable {
  var operation: AnyGraphOperation
  var operands: [TensorType]
  var constants: [Bool]
}

/// A problem's signature, and the kernels of its candidates.
struct DescribedProblem {
  var signature: ProblemSignature
  var candidates: [PlannedChoice.Candidate]
}

extension Planner {
  /// The candidate to take; the choice is noted in the encoder. Nil if there is none.
  func choose<L: Lowering>(
    _ lowering: L.Type, _ allowed: [L.Candidate], _ problem: Problem<L.Operation>, _ options: PlanOptions,
    _ encoder: inout Encoder
  ) throws(PlanError) -> L.Candidate? {
    let described = try describe(lowering, allowed, problem, &encoder)
    let names = allowed.map { L.name(of: $0) }
    var index = 0
    var reason = allowed.count == 1 ? PlannedChoice.Reason.only : .standard
    var ignored: String?
    if let forced = options.candidate {
      index = min(max(forced, 0), names.count &- 1)
      reason = .forced
    } else if let decisions = options.decisions,
      let wanted = decisions.name(for: described.signature, among: described.candidates)
    {
      if let found = names.firstIndex(of: wanted) {
        index = found
        reason = decisions.source == .pinned ? .pinned : .tuned
      } else if decisions.source == .pinned {
        throw .unknownCandidate(
          wanted, described.signature, known: described.candidates.map(\.name), encoder.graph.origin(of: problem.index))
      } else {
        ignored = wanted
      }
    }
    guard let chosen = allowed[at: index] else { return nil }
    encoder.choices.append(
      PlannedChoice(
        node: problem.index, label: encoder.graph.origin(of: problem.index).label, signature: described.signature,
        candidates: described.candidates, offeredCount: allowed.count, chosen: L.name(of: chosen), reason: reason,
        ignored: ignored))
    return chosen
  }

  private func describe<L: Lowering>(
    _ lowering: L.Type, _ allowed: [L.Candidate], _ problem: Problem<L.Operation>, _ encoder: inout Encoder
  ) throws(PlanError) -> DescribedProblem {
    let constants = problem.operands.map(\.isConstant)
    let key = ProblemKey(
      operation: AnyGraphOperation(problem.operation), operands: problem.types, constants: constants)
    if let known = encoder.problems[key] { return known }
    var candidates: [PlannedChoice.Candidate] = []
    for candidate in allowed {
      let name = L.name(of: candidate)
      // Small problems cut different tiles down to one.
      if candidates.contains(where: { $0.name == name }) { continue }
      var launches: ArraySlice<Launch> = []
      if allowed.count > 1 {
        var trial = encoder
        _ = try L.encode(candidate, problem, into: &trial)
        launches = trial.launches.dropFirst(encoder.launches.count)
      }
      candidates.append(
        PlannedChoice.Candidate(
          name: name, actions: launches.map(\.action), geometry: launches.map { $0.geometry(problem.ranges) }))
    }
    let signature = ProblemSignature(
      problem.operation, operands: problem.types, results: problem.results, constants: constants,
      ranges: problem.ranges,
      isRelaxed: allowed.contains { L.hasOwnOrder($0) })
    let described = DescribedProblem(signature: signature, candidates: candidates)
    encoder.problems[key] = described
    return described
  }
}

extension Launch {
  /// `local [1, 1] tiles=2`, see ``PlannedChoice/Candidate/geometry``.
  fileprivate func geometry(_ ranges: SymbolRanges) -> String {
    let fixed = parameters.filter { !$0.isOfView }.compactMap { parameter -> String? in
      guard let bounds = try? parameter.value.bounds(ranges), bounds.lowerBound == bounds.upperBound else { return nil }
      return "\(parameter.name)=\(bounds.lowerBound)"
    }
    return (["local \(local)"] + fixed).joined(separator: " ")
  }
}
