import HeddleGraph
import HeddleText
import HeddleTypes

/// The perplexity of a text under a model: how many tokens, equally likely, it would be as unsure between.
///
///     perplexity = exp( 1/n Σ −ln p(tᵢ | t₍w₎ … tᵢ₋₁) ),   the sum over n scored tokens; w is where tᵢ's window starts
///
/// - The text's tokens are cut into windows of `context` = C tokens that do not overlap. What is left at the end, or after
///   as many windows as are asked for, is not looked at. Control tokens spelled in the text are plain text, user-defined
///   ones are matched; no EOS is added.
/// - The tokens of a window numbered ⌊C/2⌋ + 1 … C − 1, from 0, are scored: C − 1 − ⌊C/2⌋ of them, each after at least
///   ⌊C/2⌋ + 1 tokens of its own window and none of another.
/// - If the model adds BOS, the text begins with it, and it takes the place of every window's first token.
/// - Numbers: logits are float32, everything after them float64. The chunk changes no bit.
/// - Source: `tools/perplexity/perplexity.cpp` of llama.cpp, without `--ppl-stride`. It asks for two windows of text, here
///   one is enough; its `--file` drops a line feed at the text's end, here nothing is dropped.
public struct Perplexity: Sendable {
  public let model: LanguageModel
  public let session: ModelSession
  /// All tokens of the text.
  public let ids: [Int]
  /// The tokens of a window.
  public let context: Int
  public let windowCount: Int
  private let chunk: Int
  private let options: Bindings

  /// The tokens of a step that a model is opened for: the logits of so many are worked on together. 64 × 49152 logits are
  /// 12.6 MB.
  public static let defaultChunk = 64

  /// Checks everything and makes a session for a window.
  ///
  /// - Parameters:
  ///   - model: opened with ``ModelOptions/allLogits``.
  ///   - context: the tokens of a window; nil for 512, or the model's context length if that is less.
  ///   - windows: the most windows that are scored, from the text's start; nil for all.
  ///   - chunk: the most tokens of a step; nil for the model's own.
  ///   - options: what every step chooses of ``LanguageModel/stepOptions``.
  ///   - session: one of the model, whose sequence is dropped and whose states go on; nil for a new one.
  /// - Throws: ``ModelError/emptyText``, ``ModelError/unknownStepOption(_:value:known:)``,
  ///   ``ModelError/textTooShort(tokens:context:)``,
  ///   ``ModelError/invalidOption(_:value:range:)``; ``ModelError/missingOutput(_:)`` if the model was opened otherwise.
  public init(
    _ model: LanguageModel, text: String, context: Int? = nil, windows: Int? = nil, chunk: Int? = nil,
    options: Bindings = [:], session: ModelSession? = nil
  ) throws {
    guard !text.isEmpty else { throw ModelError.emptyText }
    let longest = model.configuration.contextLength
    let context = context ?? min(512, longest)
    // Of a window of two, or one, no token would be scored.
    guard context >= 3, context <= longest else {
      throw ModelError.invalidOption("context", value: context, range: 3...max(3, longest))
    }
    let chunk = chunk ?? model.chunk
    guard model.chunkRange.contains(chunk) else {
      throw ModelError.invalidOption("chunk", value: chunk, range: model.chunkRange)
    }
    guard model.graph.outputs.contains(where: { $0.name == "all_logits" }) else {
      throw ModelError.missingOutput("all_logits")
    }
    _ = try model.bindings(choosing: options)
    let ids = model.tokenizer.encode(text, parseSpecial: false, addEOS: false)
    guard ids.count >= context else { throw ModelError.textTooShort(tokens: ids.count, context: context) }
    let count = ids.count.divided(by: context)
    if let windows, windows < 1 {
      throw ModelError.invalidOption("windows", value: windows, range: 1...max(1, count))
    }
    self.model = model
    self.ids = ids
    self.context = context
    windowCount = min(count, windows ?? count)
    self.chunk = chunk
    self.options = options
    if let session, session.capacity < context {
      throw ModelError.invalidOption("context", value: context, range: 3...max(3, session.capacity))
    }
    self.session = try session ?? model.makeSession(capacity: context)
  }

  /// The tokens that are run: no window needs its last one, as nothing is predicted after it.
  public var runTokenCount: Int { windowCount &* (context &- 1) }

  /// Scores the text, window by window.
  ///
  /// - Parameter progress: called after each step with how many of ``runTokenCount`` are done; an error thrown there
  ///   ends it.
  /// - Throws: ``ModelError/notFinite(token:position:)``, and what the backend throws.
  public func run(progress: @Sendable (Int) throws -> Void = { _ in }) async throws -> PerplexityResult {
    let start = ContinuousClock.now
    var losses: [Double] = []
    for window in 0..<max(0, windowCount) {
      var tokens = Array(ids.part(from: window &* context, to: (window &+ 1) &* context))
      if model.tokenizer.addsBOS, let bos = model.tokenizer.bosID { tokens.update(at: 0) { $0 = bos } }
      try await session.rewind(to: 0)
      for first in stride(from: 0, to: context &- 1, by: max(1, chunk)) {
        let step = Range(from: first, count: min(chunk, context &- 1 &- first))
        let scored = step.clamped(to: Range(from: context / 2, count: context &- 1 &- context / 2))
        let outputs = try await session.step(
          tokens.part(from: step.lowerBound, to: step.upperBound), outputs: scored.isEmpty ? [] : ["all_logits"],
          options: options)
        if !scored.isEmpty {
          let logits = try LogitRows(outputs, count: step.count, vocabulary: model.configuration.vocabularySize)
          for (position, next) in zip(scored, tokens.part(from: scored.lowerBound &+ 1)) {
            losses.append(
              try logits.negativeLogLikelihood(of: next, row: position &- first, position: position))
          }
        }
        try progress(window &* (context &- 1) &+ step.upperBound)
      }
    }
    return PerplexityResult(
      context: context, windowCount: windowCount, textTokenCount: ids.count, runTokenCount: runTokenCount,
      negativeLogLikelihoods: losses, duration: start.duration(to: .now))
  }
}
