import HeddleText

/// How text is generated.
public struct GenerationOptions: Sendable {
  /// The most tokens to generate.
  public var maximumTokens: Int
  /// How each token is chosen. At temperature 0 the device chooses, and four bytes come back for a token.
  public var sampling: SamplingOptions
  /// The most tokens of a step of the prompt; nil for the model's own. The results do not depend on it.
  public var chunk: Int?
  /// The most tokens of prompt and answer together; nil for the model's context length.
  public var context: Int?
  /// How much of nested sparse weights is used.
  public var density: Density
  /// Texts that end the answer where the first of them appears, cut across tokens or not. Text before it is given out, it
  /// is not. Of texts that end at the same byte the longest counts. A text that is a special token's ends at that token.
  public var stop: [String]
  /// How many of the most probable tokens each token comes with, and its own log-probability; 0 for that alone, nil for
  /// neither. They are the model's, before sampling: ``LogProbabilities``.
  public var logProbabilities: Int?
  /// When to give up with ``ExecutionError/deadlineExceeded``.
  public var deadline: ContinuousClock.Instant?

  public init(
    maximumTokens: Int = 128, sampling: SamplingOptions = SamplingOptions(), chunk: Int? = nil, context: Int? = nil,
    density: Density = .full, stop: [String] = [],
    logProbabilities: Int? = nil, deadline: ContinuousClock.Instant? = nil
  ) {
    self.maximumTokens = maximumTokens
    self.sampling = sampling
    self.chunk = chunk
    self.context = context
    self.density = density
    self.stop = stop
    self.logProbabilities = logProbabilities
    self.deadline = deadline
  }

  /// Tokens to make a sequence for: the least multiple of 64 that holds prompt and answer, at most the context.
  static func capacity(prompt: Int, maximumTokens: Int, context: Int) -> Int {
    let (sum, overflow) = prompt.addingReportingOverflow(maximumTokens)
    guard !overflow, sum < context else { return context }
    return min(sum.roundedUp(toMultipleOf: 64), context)
  }
}
