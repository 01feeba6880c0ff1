import Foundation
import Heddle

/// What `generate --json` prints. Rates are left out if nothing was measured.
struct GenerationReport: Encodable {
  var promptIds: [Int]
  var tokenIds: [Int]
  var text: String
  var device: String
  var finishReason: String
  var loadSeconds: Double
  /// Prompt tokens over the wait for the first token.
  var promptTokensPerSecond: Double?
  /// Tokens after the first over the time after it.
  var decodeTokensPerSecond: Double?

  init(promptIds: [Int], transcript: Transcript, summary: GenerationSummary?, opened: OpenedModel) {
    self.promptIds = promptIds
    tokenIds = transcript.ids
    text = transcript.text
    device = opened.backend.deviceName
    finishReason = summary?.finishReason.rawValue ?? "interrupted"
    loadSeconds = opened.loadSeconds
    promptTokensPerSecond = summary?.promptTokensPerSecond
    decodeTokensPerSecond = summary?.decodeTokensPerSecond
  }

  /// The figures for people, in a line.
  var summary: String {
    func rate(_ value: Double?) -> String { value.map { String(format: "%.1f tokens/s", $0) } ?? "not measured" }
    return String(format: "load %.2f s", loadSeconds)
      + ", prompt \(promptIds.count) tokens at \(rate(promptTokensPerSecond))"
      + ", decode \(tokenIds.count) tokens at \(rate(decodeTokensPerSecond)), \(finishReason), \(device)\n"
  }
}
