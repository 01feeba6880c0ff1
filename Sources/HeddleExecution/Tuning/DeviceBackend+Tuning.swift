import Dispatch
import HeddlePlanning

extension DeviceBackend {
  /// What kept tuning from being as good as it could be, so far.
  public var tuningNotes: [TuningNote] { tuningRecord.notes }

  /// Measures the candidates of every operation of a graph on the device, and records the best for every backend on it.
  ///
  /// The graph runs with made-up inputs at one binding of each range. Nothing else should use the device meanwhile. Can
  /// be cancelled; what was measured for earlier ranges stays recorded. Executables made before keep their choices.
  ///
  /// - Throws: ``TuningError``, `CancellationError`, and what compiling throws.
  public func tune(
    _ graph: Graph, constants: ConstantStore, options: TuningOptions = TuningOptions(),
    progress: @escaping @Sendable (TuningProgress) -> Void = { _ in }
  ) async throws -> TuningReport {
    defer { forgetExecutables() }
    return try await Tuner(backend: self, options: options, progress: progress).tune(graph, constants: constants)
  }

  /// The graph planned as compiling would plan it now; ``Plan/choiceTable()`` prints what was chosen and why.
  ///
  /// With ``Tuning/onDemand(budget:)`` nothing is measured here.
  public func plan(_ graph: Graph, options: PlanOptions = PlanOptions()) throws -> Plan {
    var options = options
    options.numerics = options.numerics ?? numerics
    options.taping = options.taping ?? taping
    options.decisions = options.decisions ?? (options.candidate == nil ? decisions : nil)
    let plan = try planner.plan(graph, options: options)
    for choice in plan.lists.flatMap(\.choices) {
      if let name = choice.ignored { tuningRecord.note(.unknownCandidate(name, choice.signature)) }
    }
    return plan
  }

  /// The same away from the task's thread. If the backend is to measure what is missing it does so in between and plans once
  /// more; that it fails keeps no graph from compiling.
  func plan(_ graph: Graph, constants: ConstantStore, options: PlanOptions) async throws -> Plan {
    let queue = DispatchQueue.global(qos: .userInitiated)
    let first = try await onThread(of: queue) { [self] in try plan(graph, options: options) }
    guard case .onDemand(let budget) = tuning, options.decisions == nil, options.candidate == nil, first.isUndecided
    else { return first }
    var tuningOptions = TuningOptions()
    tuningOptions.rounds = TuningOptions.roundsRange.lowerBound
    tuningOptions.budget = budget
    do {
      let tuner = Tuner(backend: self, options: tuningOptions, planning: options)
      _ = try await tuner.tune(first.lists, of: graph, constants)
    } catch let error as CancellationError {
      throw error
    } catch {
      tuningRecord.note(.notTuned(reason: "\(error)"))
    }
    return try await onThread(of: queue) { [self] in try plan(graph, options: options) }
  }

  /// What this backend's ``Tuning`` says.
  private var decisions: (any CandidateDecisions)? {
    switch tuning {
    case .off: return nil
    case .pinned(var decisions):
      decisions.source = .pinned
      return decisions
    case .recorded, .onDemand:
      let entries = tuningRecord.entries()
      return entries.isEmpty ? nil : RecordedDecisions(entries, digests)
    }
  }
}

extension Plan {
  /// Whether some problem has a choice that nothing decided.
  fileprivate var isUndecided: Bool {
    lists.contains { list in
      list.choices.contains { $0.candidates.count > 1 && $0.reason == .standard && $0.ignored == nil }
    }
  }
}
