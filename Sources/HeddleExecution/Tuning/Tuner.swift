import HeddlePlanning
import HeddleText

/// Measures the candidates of a graph's problems as the graph really runs: for each range of bindings, the whole list
/// with every problem's first candidate, its second, and so on in turns, and of each run the times of the nodes that
/// share a problem. So weights come from memory as they do in use, and a change of the clock speed meets all alike.
struct Tuner {
  /// What each node of a run took, in seconds.
  typealias Measure = @Sendable (DeviceSession, RunRequest) async throws -> [Int: Double]

  let backend: DeviceBackend
  let options: TuningOptions
  /// How the graph is planned beside its decisions.
  var planning = PlanOptions()
  var progress: @Sendable (TuningProgress) -> Void = { _ in }
  var measure: Measure = Tuner.deviceTimes

  static let deviceTimes: Measure = { session, request in
    let profile = try await session.profile(request).profile
    return profile.entries.reduce(into: [:]) { $0[$1.node, default: 0] += Double($1.nanoseconds) / 1e9 }
  }

  /// Problems with something to choose, in the order the list meets them.
  private struct Problem {
    var choice: PlannedChoice
    var digest: String
    var nodes: Int
    var signature: ProblemSignature { choice.signature }
    var names: [String] { choice.candidates.map(\.name) }
  }

  /// Times by problem, candidate and node.
  private typealias Samples = [ProblemSignature: [String: [Int: [Double]]]]

  func tune(_ graph: Graph, constants: ConstantStore) async throws -> TuningReport {
    try options.validate()
    var planning = planning
    planning.ranges = options.ranges ?? planning.ranges
    planning.decisions = TuningDecisions()
    planning.numerics = planning.numerics ?? backend.numerics
    return try await tune(try backend.planner.plan(graph, options: planning).lists, of: graph, constants)
  }

  /// The same for a graph that is planned already, in whatever way.
  func tune(_ lists: [CommandList], of graph: Graph, _ constants: ConstantStore) async throws -> TuningReport {
    try options.validate()
    let start = ContinuousClock.now
    let deadline = options.deadline
    var planning = planning
    planning.numerics = planning.numerics ?? backend.numerics
    // Launches are timed one by one: tapes of theirs would be built for nothing.
    planning.taping = .never
    var rows: [TuningReport.Row] = []
    for list in lists {
      planning.ranges = [list.range]
      rows += try await tune(graph, constants, list, planning, deadline)
    }
    return TuningReport(
      device: backend.deviceName, rows: rows, seconds: start.duration(to: .now).inSeconds,
      notes: backend.tuningNotes.map(\.description))
  }

  private func tune(
    _ graph: Graph, _ constants: ConstantStore, _ list: CommandList, _ planning: PlanOptions,
    _ deadline: ContinuousClock.Instant
  ) async throws -> [TuningReport.Row] {
    let problems = try problems(of: list)
    let recorded = backend.tuningRecord.entries()
    var known: [ProblemSignature: TuningEntry] = [:]
    for problem in problems where !options.isForced {
      if let entry = recorded[problem.signature], entry.digest == problem.digest { known[entry.signature] = entry }
    }
    let missing = problems.filter { known[$0.signature] == nil }
    let measured: [ProblemSignature: TuningEntry]
    if missing.isEmpty {
      measured = [:]
    } else {
      let samples = try await samples(graph, constants, missing, known, planning, deadline)
      measured = entries(missing, samples)
      backend.tuningRecord.store(Array(measured.values))
    }
    return problems.map { problem in
      let entry = known[problem.signature] ?? measured[problem.signature]
      return TuningReport.Row(
        range: list.range, signature: problem.signature, nodes: problem.nodes, standard: problem.names.first ?? "",
        candidates: entry?.candidates ?? [], chosen: entry?.chosen ?? problem.names.first ?? "",
        status: known[problem.signature] != nil ? .recorded : entry != nil ? .measured : .outOfBudget,
        gain: entry?.gain ?? 1)
    }
  }

  private func problems(of list: CommandList) throws -> [Problem] {
    var problems: [Problem] = []
    for choice in list.choices where choice.candidates.count > 1 {
      if let index = problems.firstIndex(where: { $0.signature == choice.signature }) {
        problems.update(at: index) { $0.nodes &+= 1 }
      } else {
        let digest = try backend.digests.digest(of: choice.candidates)
        problems.append(Problem(choice: choice, digest: digest, nodes: 1))
      }
    }
    return problems
  }

  /// Times of every candidate of the missing problems; fewer rounds, or none, if the deadline comes first.
  private func samples(
    _ graph: Graph, _ constants: ConstantStore, _ missing: [Problem], _ known: [ProblemSignature: TuningEntry],
    _ planning: PlanOptions, _ deadline: ContinuousClock.Instant
  ) async throws -> Samples {
    let range = planning.ranges?.first ?? BindingRange(graph.ranges)
    var representative = try graph.representative(of: range)
    representative.request.deadline = deadline
    let contenders = missing.map(\.names.count).max() ?? 0
    let rounds = options.rounds
    func report(_ phase: String, _ done: Int, _ total: Int) {
      progress(TuningProgress(range: range, phase: phase, done: done, total: total))
    }
    var samples: Samples = [:]
    do {
      var sessions: [DeviceSession] = []
      for contender in 0..<max(0, contenders) {
        report("building", contender, contenders)
        try Task.checkCancellation()
        guard ContinuousClock.now < deadline else { return [:] }
        var planning = planning
        var choices = known.mapValues(\.chosen)
        for problem in missing {
          // A problem with fewer candidates has its default measured again meanwhile.
          choices[problem.signature] = problem.names[at: contender] ?? problem.names.first
        }
        planning.decisions = TuningDecisions(choices, source: .tuned)
        let executable = try await backend.compile(graph, constants: constants, options: planning)
        let session = try executable.makeDeviceSession(representative.fixed)
        // Drivers compile a kernel when it is first launched.
        _ = try await measure(session, representative.request)
        sessions.append(session)
      }
      for round in 0..<max(0, rounds) {
        report("measuring", round, rounds)
        for turn in sessions.indices {
          // Another one begins each round: none always follows the same one.
          guard let session = sessions[at: (turn &+ round) % max(1, sessions.count)] else { continue }
          let times = try await measure(session, representative.request)
          add(times, of: session, to: &samples)
        }
      }
      report("measuring", rounds, rounds)
    } catch ExecutionError.deadlineExceeded {
      // What was measured so far may be enough.
    }
    return samples
  }

  private func add(_ times: [Int: Double], of session: DeviceSession, to samples: inout Samples) {
    for choice in session.executable.plan.lists.first?.choices ?? [] where choice.candidates.count > 1 {
      let time = times[choice.node] ?? 0
      samples[choice.signature, default: [:]][choice.chosen, default: [:]][choice.node, default: []].append(time)
    }
  }

  /// The sum of each node's median: a run of many nodes is nearly always disturbed somewhere, a node seldom. Nil if some
  /// node was not measured often enough.
  static func seconds(_ times: [Int: [Double]]) -> Double? {
    let medians = times.values.compactMap { times in
      times.count >= TuningOptions.roundsRange.lowerBound ? TuningEntry.median(times) : nil
    }
    return medians.count == times.count && !medians.isEmpty ? medians.reduce(0, +) : nil
  }

  /// Entries of the problems all of whose candidates were measured often enough.
  private func entries(_ problems: [Problem], _ samples: Samples) -> [ProblemSignature: TuningEntry] {
    var entries: [ProblemSignature: TuningEntry] = [:]
    for problem in problems {
      let measured = problem.names.compactMap { name -> TuningEntry.Measured? in
        guard let times = samples[problem.signature]?[name], let seconds = Self.seconds(times) else { return nil }
        return TuningEntry.Measured(name: name, seconds: seconds)
      }
      guard measured.count == problem.names.count else { continue }
      entries[problem.signature] = TuningEntry(
        signature: problem.signature, digest: problem.digest, candidates: measured)
    }
    return entries
  }
}
