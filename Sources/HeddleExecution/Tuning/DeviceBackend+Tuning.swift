import HeddlePlanning
import OpenCLRuntime

extension OpenCLBackend {
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
    if options.decisions == nil { options.decisions = try decisions(for: graph, options: options) }
    let plan = try planner.plan(graph, options: options)
    for choice in plan.lists.flatMap(\.choices) {
      if let name = choice.ignored { tuningRecord.note(.unknownCandidate(name, choice.signature)) }
    }
    return plan
  }

  /// Measures what is missing, if the backend is to do so. That this fails keeps no graph from compiling.
  func tuneOnDemand(_ graph: Graph, constants: ConstantStore, options: PlanOptions) async throws {
    guard case .onDemand(let budget) = tuning, options.decisions == nil, options.candidate == nil else { return }
    var tuningOptions = TuningOptions()
    tuningOptions.rounds = TuningOptions.roundsRange.lowerBound
    tuningOptions.budget = budget
    do {
      _ = try await Tuner(backend: self, options: tuningOptions, planning: options).tune(graph, constants: constants)
    } catch let error as CancellationError {
      throw error
    } catch {
      tuningRecord.note(.notTuned(reason: "\(error)"))
    }
  }

  /// What this backend's ``Tuning`` says of a graph.
  private func decisions(for graph: Graph, options: PlanOptions) throws -> TuningDecisions? {
    switch tuning {
    case .off: return nil
    case .pinned(var decisions):
      decisions.source = .pinned
      return decisions
    case .recorded, .onDemand:
      if options.candidate != nil { return nil }
      let entries = tuningRecord.entries()
      if entries.isEmpty { return nil }
      var decisions = TuningDecisions(source: .tuned)
      for choice in try planner.plan(graph, options: options).lists.flatMap(\.choices)
      where choice.candidates.count > 1 && decisions.choices[choice.signature] == nil {
        guard let entry = entries[choice.signature] else { continue }
        if try digests.digest(of: choice.candidates) == entry.digest {
          decisions.choices[choice.signature] = entry.chosen
        }
      }
      return decisions
    }
  }
}
