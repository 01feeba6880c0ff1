import HeddleText

/// What happens while text is generated, in this order: ``prompt(done:of:)`` for each step of the prompt,
/// ``token(_:)`` for each token, and ``finished(_:)`` once, at the end.
public enum GenerationEvent: Hashable, Sendable {
  case prompt(done: Int, of: Int)
  case token(GeneratedToken)
  case finished(GenerationSummary)
}

/// A token and the text it completes.
public struct GeneratedToken: Hashable, Sendable {
  public var id: Int
  /// Empty for a special token, while a character lacks bytes, and while it may be the beginning of a stop text.
  public var text: String
  /// The token that ends the text, such as `<|im_end|>`.
  public var isEnd: Bool
  /// What the model thought of it; nil unless ``GenerationOptions/logProbabilities`` asks.
  public var logProbability: Float?
  /// The most probable tokens, as many as ``GenerationOptions/logProbabilities`` asks for.
  public var top: [TokenLogProbability] = []
}

/// Why generation ended.
public enum FinishReason: String, Hashable, Sendable, Codable {
  /// The model produced a token that ends a text.
  case endOfText = "end_of_text"
  /// A text of ``GenerationOptions/stop`` appeared.
  case stopText = "stop_text"
  case maximumTokens = "max_tokens"
  /// The sequence is as long as its caches or the model's context allow.
  case contextFull = "context_full"
}

/// What generating took.
///
/// Prompt time goes from the first step's start until the first token is known, so it is the wait for the first token;
/// decode time goes from there to the last token. The first token therefore counts to neither rate.
public struct GenerationSummary: Hashable, Sendable {
  public var finishReason: FinishReason
  /// Those that were run: not what a kept session had of the prompt.
  public var promptTokenCount: Int
  /// With the token that ends the text, if there was one.
  public var tokenCount: Int
  public var promptDuration: Duration
  public var decodeDuration: Duration

  /// Prompt tokens over prompt time.
  public var promptTokensPerSecond: Double? { Self.rate(promptTokenCount, promptDuration) }

  /// Tokens after the first over decode time; nil if there was only one.
  public var decodeTokensPerSecond: Double? { Self.rate(tokenCount &- 1, decodeDuration) }

  private static func rate(_ count: Int, _ duration: Duration) -> Double? {
    let seconds = duration.inSeconds
    return count > 0 && seconds > 0 ? Double(count) / seconds : nil
  }
}
