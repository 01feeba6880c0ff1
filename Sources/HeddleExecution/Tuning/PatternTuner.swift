import HeddlePlanning
import HeddleText

extension DeviceBackend {
  /// The pattern that leaves out at least a share `ratio` of a weight and is the fastest here: measured, not guessed.
  ///
  /// The product `[tokens, inputs] · [outputs, inputs]ᵀ` runs with made-up values, every pattern of
  /// ``SparsityPattern/candidates(ratio:inputs:outputs:)`` in turns, with the kernels that compiling chooses. Weights that
  /// fit the device's caches are read from there. Nothing else should use the device meanwhile.
  ///
  /// - Parameters:
  ///   - tokens: the range the product is planned for; measured at one count of it, as ``tune(_:constants:options:progress:)``
  ///     does.
  ///   - values: how kept values are stored.
  ///   - candidates: nil for all.
  /// - Throws: ``TuningError``, `CancellationError`, and what compiling throws.
  public func hardwareAwarePattern(
    ratio: Double, tokens: ClosedRange<Int> = 1...1, inputs: Int, outputs: Int, values: ValueFormat,
    candidates: [SparsityPattern]? = nil, options: TuningOptions = TuningOptions(),
    progress: @escaping @Sendable (TuningProgress) -> Void = { _ in }
  ) async throws -> PatternReport {
    let tuner = PatternTuner(
      backend: self, tokens: tokens, inputs: inputs, outputs: outputs, values: values, options: options,
      progress: progress)
    return try await tuner.report(ratio: ratio, candidates: candidates)
  }
}

/// Measures one product with weights of several patterns in turns, and dense.
struct PatternTuner {
  let backend: DeviceBackend
  let tokens: ClosedRange<Int>
  let inputs: Int
  let outputs: Int
  let values: ValueFormat
  let options: TuningOptions
  var progress: @Sendable (TuningProgress) -> Void = { _ in }
  var measure: Tuner.Measure = Tuner.deviceTimes

  func report(ratio: Double, candidates: [SparsityPattern]?) async throws -> PatternReport {
    try options.validate()
    guard ratio > 0, ratio < 1 else { throw TuningError.ratio(ratio) }
    let (count, overflow) = outputs.multipliedReportingOverflow(by: inputs)
    guard tokens.lowerBound >= 1, inputs >= 1, outputs >= 1 else {
      throw TuningError.shape(tokens: tokens, inputs: inputs, outputs: outputs)
    }
    guard !overflow, count <= TuningError.greatestInputByteCount / 4 else {
      throw TuningError.inputsTooLarge("w", shape: [outputs, inputs])
    }
    let all = SparsityPattern.candidates(ratio: ratio, inputs: inputs, outputs: outputs)
    let patterns = candidates.map { wanted in wanted.filter { reaches($0, ratio) } } ?? all
    guard !patterns.isEmpty else { throw TuningError.noPattern(ratio: ratio, inputs: inputs) }
    let weight = try Tensor((0..<max(0, count)).map(Self.noise), shape: [outputs, inputs])
    var weights = [try dense()]
    for pattern in patterns { weights.append(try await pruned(weight, try SparseFormat(pattern, values))) }
    let seconds = try await seconds(weights)
    let rows = zip(patterns, seconds.dropFirst()).map { pattern, seconds in
      PatternReport.Row(
        pattern: pattern.name, ratio: pattern.ratio(inputs: inputs, outputs: outputs) ?? 0, seconds: seconds)
    }
    guard let dense = weights.first, let denseSeconds = seconds.first,
      let report = PatternReport(
        device: backend.deviceName, tokens: tokens, inputs: inputs, outputs: outputs, values: values, ratio: ratio,
        rows: rows, denseEncoding: dense.encoding, denseSeconds: denseSeconds)
    else { throw TuningError.noPattern(ratio: ratio, inputs: inputs) }
    return report
  }

  private func reaches(_ pattern: SparsityPattern, _ ratio: Double) -> Bool {
    guard let left = pattern.ratio(inputs: inputs, outputs: outputs) else { return false }
    return left >= ratio && left < 1
  }

  /// In −0.5…0.5, of no regular pattern.
  private static func noise(_ place: Int) -> Float {
    let hash = (UInt64(truncatingIfNeeded: place) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return Float((hash ^ hash >> 29) >> 40 & 0xFFFF) / 0xFFFF - 0.5
  }

  // Traps: never (tuning-input-bounded).
  private func dense() throws -> Tensor {
    let encoding: Encoding =
      switch values {
      case .int8: inputs % 32 == 0 ? .q8_0 : .float16
      case .int4: inputs % 32 == 0 ? .q4_0 : .float16
      default: Encoding(name: values.name) ?? .float32
      }
    let shape = [outputs, inputs]
    // How long a product takes does not depend on its values.
    return try Tensor(
      encoding: encoding, shape: shape, bytes: [UInt8](repeating: 0, count: encoding.byteCount(shape: shape)))
  }

  private func pruned(_ weight: Tensor, _ format: SparseFormat) async throws -> Tensor {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, weight.shape.map { Dimension($0) })
    let graph = try builder.build(outputs: ["y": builder.encode(x, as: .sparse(format))])
    let session = try await backend.compile(graph, constants: ConstantStore()).makeSession([:])
    guard let y = try await session.run(RunRequest(inputs: ["x": weight]))["y"] else {
      throw ExecutionError.unknownOutput("y", known: [])
    }
    return y
  }

  /// The time of the product with each weight.
  private func seconds(_ weights: [Tensor]) async throws -> [Double] {
    let deadline = options.deadline
    var times = weights.map { _ in [Int: [Double]]() }
    var runs: [(session: DeviceSession, request: RunRequest)] = []
    do {
      for (place, weight) in weights.enumerated() {
        try Task.checkCancellation()
        guard ContinuousClock.now < deadline else { throw TuningError.outOfBudget(options.budget) }
        let (executable, range) = try await product(weight)
        progress(TuningProgress(range: range, phase: "building", done: place, total: weights.count))
        var representative = try executable.graph.representative(of: range)
        representative.request.deadline = deadline
        let session = try executable.makeDeviceSession(representative.fixed)
        // Drivers compile a kernel when it is first launched.
        _ = try await measure(session, representative.request)
        runs.append((session, representative.request))
      }
      for round in 0..<max(0, options.rounds) {
        progress(
          TuningProgress(
            range: BindingRange(["tokens": tokens]), phase: "measuring", done: round, total: options.rounds))
        for turn in runs.indices {
          let place = (turn &+ round) % max(1, runs.count)
          guard let run = runs[at: place] else { continue }
          for (node, time) in try await measure(run.session, run.request) {
            times.update(at: place) { $0[node, default: []].append(time) }
          }
        }
      }
    } catch ExecutionError.deadlineExceeded {
      throw TuningError.outOfBudget(options.budget)
    }
    return try times.map { times in
      guard let seconds = Tuner.seconds(times) else { throw TuningError.outOfBudget(options.budget) }
      return seconds
    }
  }

  private func product(_ weight: Tensor) async throws -> (executable: DeviceExecutable, range: BindingRange) {
    let store = ConstantStore()
    try store.add("w", weight)
    let builder = GraphBuilder()
    let rows = try builder.symbol("tokens", in: tokens)
    let x = try builder.input("x", .float32, [rows, Dimension(inputs)])
    let graph = try builder.build(outputs: ["y": builder.matmul(x, builder.constant("w", in: store))])
    let range = BindingRange(graph.ranges)
    var options = PlanOptions()
    options.ranges = [range]
    return (try await backend.compile(graph, constants: store, options: options), range)
  }
}
