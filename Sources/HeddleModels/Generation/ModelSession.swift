import HeddleGraph
import HeddleText
import HeddleTypes

/// One sequence of tokens on a model, and the caches that hold what was computed of them.
///
/// One step runs at a time; a second call while one runs throws ``ExecutionError/sessionBusy``. A step that fails,
/// passes its deadline or is cancelled leaves the sequence as it was: the same call can be made again.
public actor ModelSession {
  public nonisolated let model: LanguageModel
  public nonisolated let session: any Session
  /// The most tokens the sequence can hold.
  public nonisolated let capacity: Int
  /// The tokens it holds.
  public private(set) var ids: [Int] = []
  /// How many tokens it holds.
  public var position: Int { ids.count }
  /// How often the sequence's tokens chose each expert, and those of earlier sequences of the session; of a model opened with
  /// ``ExpertOptions/countsLoad``.
  public private(set) var expertLoad = ExpertLoad()
  private var isRunning = false

  init(model: LanguageModel, session: any Session, capacity: Int) {
    self.model = model
    self.session = session
    self.capacity = capacity
  }

  /// Adds tokens to the sequence, in one step, and brings back outputs of the last of them.
  ///
  /// - Parameters:
  ///   - ids: 1 … `model.chunk` tokens.
  ///   - outputs: of the model's graph: `logits`, `next_token`, and what ``ModelOptions`` added.
  ///   - options: what this step chooses of ``LanguageModel/stepOptions``.
  /// - Throws: ``ModelError/emptyPrompt``, ``ModelError/invalidOption(_:value:range:)``,
  ///   ``ModelError/unknownStepOption(_:value:known:)``, ``ModelError/tokenOutOfRange(_:vocabulary:)``,
  ///   ``ModelError/cacheFull(position:adding:capacity:)``, and what
  ///   the backend throws.
  public func step(
    _ ids: some Collection<Int> & Sendable, outputs: Set<String>, options: Bindings = [:],
    deadline: ContinuousClock.Instant? = nil, observer: (any StepObserver)? = nil
  ) async throws -> NameTable<Tensor> {
    guard ids.count <= model.chunk else {
      throw ModelError.invalidOption("tokens of a step", value: ids.count, range: model.chunkRange)
    }
    return try await extend(Array(ids), outputs: outputs, options: options, deadline: deadline, observer: observer)
  }

  /// Adds tokens to the sequence in steps of at most `chunk`; the outputs are those of the last. All are added or none.
  ///
  /// - Parameters:
  ///   - observer: told of each step, and given the times of those it asks for.
  ///   - progress: called after each step with the tokens that are done.
  public func extend(
    _ ids: [Int], chunk: Int? = nil, outputs: Set<String>, options: Bindings = [:],
    deadline: ContinuousClock.Instant? = nil, observer: (any StepObserver)? = nil,
    progress: @Sendable (Int) throws -> Void = { _ in }
  ) async throws -> NameTable<Tensor> {
    let chunk = chunk ?? model.chunk
    guard model.chunkRange.contains(chunk) else {
      throw ModelError.invalidOption("chunk", value: chunk, range: model.chunkRange)
    }
    guard !ids.isEmpty else { throw ModelError.emptyPrompt }
    let vocabulary = model.configuration.vocabularySize
    for id in ids where !(0..<max(0, vocabulary)).contains(id) {
      throw ModelError.tokenOutOfRange(id, vocabulary: vocabulary)
    }
    let position = position
    var bindings = try model.bindings(choosing: options)
    if let uses = model.usesLongFactors(capacity: capacity) { bindings[.longFactors] = uses }
    // While a step waits, another call could come in and would write to the same rows.
    guard !isRunning else { throw ExecutionError.sessionBusy }
    isRunning = true
    defer { isRunning = false }
    guard ids.count <= capacity &- position else {
      throw ModelError.cacheFull(position: position, adding: ids.count, capacity: capacity)
    }
    var start = 0
    while true {
      let end = min(start &+ chunk, ids.count)
      let isLast = end == ids.count
      let tokens = try Tensor(
        ids.part(from: start, to: end).map { Int32(truncatingIfNeeded: $0) }, shape: [end &- start])
      bindings["past"] = position &+ start
      let request = RunRequest(
        inputs: ["token_ids": tokens], bindings: bindings,
        outputs: NameSet((isLast ? outputs : []).union(model.expertCounts.map(\.output))),
        deadline: deadline)
      var results = try await run(request, position: position &+ start, observer)
      try countLoad(&results, wanted: outputs)
      try progress(end)
      if isLast {
        self.ids += ids
        return results
      }
      start = end
    }
  }

  /// Adds what a step says of experts, and leaves of it what was asked for.
  private func countLoad(_ results: inout NameTable<Tensor>, wanted: Set<String>) throws {
    for (layer, output) in model.expertCounts {
      guard let counts = results[output] else { throw ModelError.missingOutput(output) }
      expertLoad.add(try counts.integers(), layer: layer)
      if !wanted.contains(output) { results.removeValue(forKey: output) }
    }
  }

  /// Forgets how often experts were chosen.
  public func clearExpertLoad() { expertLoad = ExpertLoad() }

  /// One step of the sequence, timed if the observer wants that.
  private func run(
    _ request: RunRequest, position: Int, _ observer: (any StepObserver)?
  ) async throws -> NameTable<Tensor> {
    guard let observer, try await observer.willRun(position: position) else { return try await session.run(request) }
    let (outputs, profile) = try await session.profile(request)
    observer.didRun(position: position, profile)
    return outputs
  }

  /// The logits of what comes after these tokens.
  public func logits(after ids: [Int], chunk: Int? = nil) async throws -> [Float] {
    try ModelOutput.logits(try await extend(ids, chunk: chunk, outputs: ["logits"]), position: position &- 1)
  }

  /// Empties the sequence.
  public func reset() async throws {
    guard !isRunning else { throw ExecutionError.sessionBusy }
    isRunning = true
    defer { isRunning = false }
    try await session.reset()
    ids = []
  }

  /// Forgets the tokens from a position on: the next ones take their places.
  ///
  /// - Parameter position: how many tokens to keep, at most ``position``.
  /// - Throws: ``ModelError/invalidOption(_:value:range:)``, ``ExecutionError/sessionBusy``.
  public func rewind(to position: Int) throws {
    guard !isRunning else { throw ExecutionError.sessionBusy }
    let range = 0...max(0, ids.count)
    guard range.contains(position) else {
      throw ModelError.invalidOption("position", value: position, range: range)
    }
    // Attention sees what is before a step's first token, and a step writes over what was behind it.
    ids = Array(ids.part(from: 0, to: position))
  }

  /// Forgets the tokens from the first on that is not as these are.
  ///
  /// - Returns: How many tokens are kept.
  public func keep(_ beginning: some Collection<Int> & Sendable) throws -> Int {
    var count = 0
    for (id, wanted) in zip(ids, beginning) {
      guard id == wanted else { break }
      count &+= 1
    }
    try rewind(to: count)
    return count
  }
}
