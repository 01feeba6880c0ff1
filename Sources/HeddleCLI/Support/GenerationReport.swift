import Foundation
import Heddle

/// What `generate --json` prints. Rates are left out if nothing was measured.
struct GenerationReport: Encodable {
  var promptIds: [Int]
  var tokenIds: [Int]
  var text: String
  /// With `--log-probabilities`, each token's.
  var tokens: [Token]?
  var device: String
  var finishReason: String
  var loadSeconds: Double
  /// Prompt tokens over the wait for the first token.
  var promptTokensPerSecond: Double?
  /// Tokens after the first over the time after it.
  var decodeTokensPerSecond: Double?
  /// With `--expert-memory`.
  var experts: ExpertReport?

  init(
    promptIds: [Int], transcript: Transcript, summary: GenerationSummary?, opened: OpenedModel,
    experts: ExpertStatistics?
  ) {
    self.experts = ExpertReport(experts)
    self.promptIds = promptIds
    tokenIds = transcript.ids
    text = transcript.text
    let tokenizer = opened.model.tokenizer
    if transcript.tokens.contains(where: { $0.logProbability != nil }) {
      tokens = transcript.tokens.map { token in
        Token(
          Probability(token.id, token.logProbability, tokenizer),
          top: token.top.map { Probability($0.id, $0.logProbability, tokenizer) })
      }
    }
    device = opened.backend.deviceName
    finishReason = summary?.finishReason.rawValue ?? "interrupted"
    loadSeconds = opened.loadSeconds
    promptTokensPerSecond = summary?.promptTokensPerSecond
    decodeTokensPerSecond = summary?.decodeTokensPerSecond
  }

  /// A token: its bytes as text, U+FFFD for half a character, and the logarithm of its probability.
  struct Probability: Encodable {
    var id: Int
    var text: String
    /// Nil for a probability of 0, whose logarithm JSON has no number for.
    var logProbability: Float?

    init(_ id: Int, _ logProbability: Float?, _ tokenizer: Tokenizer) {
      self.id = id
      text = (try? tokenizer.bytes(of: id)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      self.logProbability = logProbability.flatMap { $0.isFinite ? $0 : nil }
    }
  }

  struct Token: Encodable {
    var id: Int
    var text: String
    var logProbability: Float?
    var top: [Probability]

    init(_ token: Probability, top: [Probability]) {
      (id, text, logProbability) = (token.id, token.text, token.logProbability)
      self.top = top
    }
  }

  /// The figures for people, in a line, or two.
  var summary: String {
    func rate(_ value: Double?) -> String { value.map { String(format: "%.1f tokens/s", $0) } ?? "not measured" }
    return String(format: "load %.2f s", loadSeconds)
      + ", prompt \(promptIds.count) tokens at \(rate(promptTokensPerSecond))"
      + ", decode \(tokenIds.count) tokens at \(rate(decodeTokensPerSecond)), \(finishReason), \(device)\n"
      + (experts?.summary ?? "")
  }
}
