import HeddleGraph
import HeddleTypes

/// Generates text after a prompt, token by token.
public struct TextGeneration: Sendable {
  public let model: LanguageModel
  public let session: ModelSession
  public let prompt: [Int]
  public let options: GenerationOptions
  /// What is odd about the prompt.
  public var notes: [PromptNote] { model.notes(on: prompt) }
  /// The most tokens of prompt and answer together.
  private let context: Int
  private let sampler: Sampler
  private let answer: AnswerText
  private let observer: (any StepObserver)?
  /// Whether the session is another's, and what it holds of the prompt is not run again.
  private let continues: Bool

  /// Checks everything and makes a session for the prompt and the answer.
  ///
  /// - Parameters:
  ///   - prompt: token ids, as ``LanguageModel`` makes them of a text or a conversation.
  ///   - session: the sequence to go on with, of the same model; nil for a new one. Of what it holds the beginning that the
  ///     prompt shares is kept, so that only new tokens are run; its capacity is the context.
  ///   - observer: told of each step.
  /// - Throws: ``ModelError/emptyPrompt``, ``ModelError/otherModel``, ``ModelError/promptTooLong(tokens:context:)``,
  ///   ``ModelError/invalidOption(_:value:range:)``, ``ModelError/unknownStepOption(_:value:known:)``,
  ///   ``ModelError/sampling(_:)``, ``ModelError/emptyStopText``.
  public init(
    _ model: LanguageModel, prompt: [Int], options: GenerationOptions = GenerationOptions(),
    session: ModelSession? = nil, observer: (any StepObserver)? = nil
  ) throws {
    guard !prompt.isEmpty else { throw ModelError.emptyPrompt }
    if let session, session.model !== model { throw ModelError.otherModel }
    let limit = options.context ?? model.configuration.contextLength
    guard model.contextRange.contains(limit) else {
      throw ModelError.invalidOption("context", value: limit, range: model.contextRange)
    }
    context = min(limit, session?.capacity ?? limit)
    guard prompt.count <= context else { throw ModelError.promptTooLong(tokens: prompt.count, context: context) }
    guard options.maximumTokens >= 1 else {
      throw ModelError.invalidOption("max-tokens", value: options.maximumTokens, range: 1...Int(Int32.max))
    }
    if let chunk = options.chunk, !model.chunkRange.contains(chunk) {
      throw ModelError.invalidOption("chunk", value: chunk, range: model.chunkRange)
    }
    let counts = 0...max(0, model.configuration.vocabularySize)
    if let count = options.logProbabilities, !counts.contains(count) {
      throw ModelError.invalidOption("log-probabilities", value: count, range: counts)
    }
    for choice in options.density.choices { _ = try model.bindings(choosing: choice) }
    do { sampler = try Sampler(options.sampling) } catch { throw ModelError.sampling(error) }
    answer = try AnswerText(model.tokenizer, stop: options.stop)
    self.model = model
    self.prompt = prompt
    self.options = options
    continues = session != nil
    self.session =
      try session
      ?? model.makeSession(
        capacity: GenerationOptions.capacity(
          prompt: prompt.count, maximumTokens: options.maximumTokens, context: context))
    self.observer = observer
  }

  /// Starts generating. Ending the iteration, or cancelling the task that iterates, stops it after at most a step; in a
  /// cancelled task the iteration throws `CancellationError`.
  public func events() -> GenerationEvents { GenerationEvents(self) }

  /// Generates here and now, and hands every event to `body`; an error thrown there ends it. When this returns or
  /// throws, no step of the sequence is waited for any more.
  @discardableResult
  public func run(_ body: @Sendable (GenerationEvent) throws -> Void) async throws -> GenerationSummary {
    // Not that the session is busy, as it may be with the last step of what the caller ended.
    try Task.checkCancellation()
    if !continues { try await session.reset() }
    // At least a token is run, whose logits choose the first of the answer.
    let kept = try await session.keep(prompt.part(from: 0, to: prompt.count &- 1))
    var chooser = TokenChooser(
      sampler, vocabulary: model.configuration.vocabularySize, topCount: options.logProbabilities)
    chooser.observe(prompt)
    var answer = answer
    let start = ContinuousClock.now
    // The prompt's logits are looked at whoever chooses: broken weights give an error here, not nonsense.
    var outputs = try await session.extend(
      Array(prompt.part(from: kept)), chunk: options.chunk, outputs: chooser.outputs.union(["logits"]),
      options: options.density.ofPrompt,
      deadline: options.deadline, observer: observer,
      progress: { try body(.prompt(done: kept &+ $0, of: prompt.count)) })
    _ = try ModelOutput.logits(outputs, position: prompt.count - 1)

    var promptEnd: ContinuousClock.Instant?
    var count = 0
    while true {
      let choice = try chooser.choose(outputs, position: prompt.count &+ count &- 1)
      let id = choice.id
      let now = ContinuousClock.now
      let prompted = promptEnd ?? now
      promptEnd = prompted
      count &+= 1
      let isEnd = model.tokenizer.endOfGenerationIDs.contains(id)
      // A token that ends the text is none of it, whatever its type.
      var text = isEnd ? "" : try answer.append(id)
      let reason = isEnd ? .endOfText : answer.isStopped ? .stopText : limit(count: count)
      if reason != nil { text += answer.finish() }
      try body(
        .token(
          GeneratedToken(id: id, text: text, isEnd: isEnd, logProbability: choice.logProbability, top: choice.top)))
      if let reason {
        let summary = GenerationSummary(
          finishReason: reason, promptTokenCount: prompt.count &- kept, tokenCount: count,
          promptDuration: start.duration(to: prompted),
          decodeDuration: prompted.duration(to: now))
        try body(.finished(summary))
        return summary
      }
      let density = try options.density.ofStep(after: outputs, position: prompt.count &+ count &- 2)
      outputs = try await session.step(
        CollectionOfOne(id), outputs: chooser.outputs.union(options.density.outputs), options: density,
        deadline: options.deadline, observer: observer)
    }
  }

  /// The limit that is reached after so many tokens; nil if there is room for more.
  private func limit(count: Int) -> FinishReason? {
    if count >= options.maximumTokens { return .maximumTokens }
    // The token itself still needs a place before the next can be computed.
    return prompt.count &+ count > context ? .contextFull : nil
  }
}
