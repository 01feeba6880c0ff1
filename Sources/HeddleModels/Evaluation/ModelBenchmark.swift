import HeddleGraph
import HeddleText
import HeddleTypes

/// How fast a model runs prompts, and single tokens after one another, behind contexts of several lengths.
///
///     rate = tokens / median of the repetitions' seconds                                         in tokens a second
///
/// - A prompt is one call of ``ModelSession/extend(_:chunk:outputs:options:deadline:observer:progress:)`` whose next token comes
///   back. Decoding is one step a token, each waited for until its next token is here, as greedy generation does; the tokens
///   that follow are drawn, not chosen, so that the text does not matter.
/// - The context before is run once for each length and not timed. What is timed runs once before it is measured.
/// - As `llama-bench` of llama.cpp: `-p`, `-n`, `-d`.
public struct ModelBenchmark: Sendable {
  /// What is measured.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable { case prompt, decode }

  /// One row: so many tokens behind so many.
  public struct Row: Hashable, Sendable {
    public var kind: Kind
    public var tokens: Int
    public var context: Int

    public init(_ kind: Kind, tokens: Int, context: Int) {
      self.kind = kind
      self.tokens = tokens
      self.context = context
    }
  }

  /// What each repetition of a row took.
  public struct Measurement: Hashable, Sendable {
    public var row: Row
    public var durations: [Duration]

    /// Tokens over the median; nil if nothing was measured.
    public var tokensPerSecond: Double? { rate { $0[at: $0.count / 2] } }
    /// Of the slowest repetition and of the fastest.
    public var least: Double? { rate { $0.last } }
    public var greatest: Double? { rate { $0.first } }

    private func rate(_ choose: ([Double]) -> Double?) -> Double? {
      let sorted = durations.map(\.inSeconds).sorted()
      return choose(sorted).flatMap { $0 > 0 ? Double(row.tokens) / $0 : nil }
    }
  }

  public let model: LanguageModel
  public let rows: [Row]
  private let session: ModelSession
  private let chunk: Int?

  /// - Parameters:
  ///   - rows: in the order of their contexts, or the contexts are run more than once.
  ///   - chunk: the most tokens of a step; nil for the model's own.
  /// - Throws: ``ModelError/invalidOption(_:value:range:)`` for a row that the model has no room for.
  public init(_ model: LanguageModel, rows: [Row], chunk: Int? = nil) throws {
    let range = model.contextRange
    for row in rows {
      guard row.tokens >= 1, range.contains(row.tokens) else {
        throw ModelError.invalidOption("tokens", value: row.tokens, range: range)
      }
      let room = 0...max(0, range.upperBound &- row.tokens)
      guard room.contains(row.context) else {
        throw ModelError.invalidOption("context", value: row.context, range: room)
      }
    }
    if let chunk, !model.chunkRange.contains(chunk) {
      throw ModelError.invalidOption("chunk", value: chunk, range: model.chunkRange)
    }
    self.model = model
    self.rows = rows
    self.chunk = chunk
    session = try model.makeSession(capacity: rows.map { $0.context &+ $0.tokens }.max() ?? 1)
  }

  /// Measures all rows, one after the other.
  ///
  /// - Parameters:
  ///   - repetitions: of each row, at least 1.
  ///   - progress: called before each run with what it is.
  public func run(
    repetitions: Int, progress: @Sendable (Row) throws -> Void = { _ in }
  ) async throws -> [Measurement] {
    var measurements: [Measurement] = []
    for row in rows {
      try progress(row)
      // Kernels of a length are first looked at here.
      _ = try await time(row)
      var durations: [Duration] = []
      for _ in 0..<max(1, repetitions) {
        try progress(row)
        durations.append(try await time(row))
      }
      measurements.append(Measurement(row: row, durations: durations))
    }
    return measurements
  }

  /// One repetition of a row.
  public func time(_ row: Row) async throws -> Duration {
    var random = SplitMix64(seed: 1)
    let vocabulary = UInt64(clamping: model.configuration.vocabularySize)
    let ids = (0..<max(0, row.context &+ row.tokens)).map { _ in
      Int(truncatingIfNeeded: random.next().multipliedFullWidth(by: vocabulary).high)
    }
    let before = ids.part(from: 0, to: row.context)
    let kept = try await session.keep(before)
    if kept < row.context { try await extend(before.part(from: kept)) }
    let clock = ContinuousClock()
    let start = clock.now
    switch row.kind {
    case .prompt: try await extend(ids.part(from: row.context))
    case .decode:
      for id in ids.part(from: row.context) {
        _ = try await session.step(CollectionOfOne(id), outputs: ["next_token"])
      }
    }
    return start.duration(to: clock.now)
  }

  private func extend(_ ids: ArraySlice<Int>) async throws {
    _ = try await session.extend(Array(ids), chunk: chunk, outputs: ["next_token"])
  }
}
