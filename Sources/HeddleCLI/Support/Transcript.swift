import Heddle
import Synchronization

/// Follows a generation: streams its text, shows its progress, keeps its tokens.
final class Transcript: Sendable {
  private let streams: Bool
  private let progress: ProgressBar
  private let kept = Mutex<(tokens: [GeneratedToken], text: String)>(([], ""))

  init(streams: Bool, progress: ProgressBar) {
    self.streams = streams
    self.progress = progress
  }

  var ids: [Int] { tokens.map(\.id) }
  var tokens: [GeneratedToken] { kept.withLock { $0.tokens } }
  var text: String { kept.withLock { $0.text } }

  /// Runs to the end; nil if it was cancelled.
  func follow(_ generation: TextGeneration) async throws -> GenerationSummary? {
    progress.show("prompt", done: 0, of: generation.prompt.count)
    // The last token needs no place.
    let room = generation.session.capacity - generation.prompt.count + 1
    let limit = min(generation.options.maximumTokens, room)
    do {
      return try await generation.run { [self] in try take($0, of: limit) }
    } catch is CancellationError {
      try giveRest(generation.model.tokenizer)
      return nil
    }
  }

  private func take(_ event: GenerationEvent, of limit: Int) throws {
    switch event {
    case .prompt(let done, let total):
      if done < total { progress.show("prompt", done: done, of: total) } else { decoding(0, of: limit) }
    case .token(let token):
      let count = kept.withLock {
        $0.tokens.append(token)
        return $0.tokens.count
      }
      decoding(count, of: limit)
      try give(token.text)
    case .finished: break
    }
  }

  /// Text that comes is word enough.
  private func decoding(_ count: Int, of limit: Int) {
    if streams { progress.clear() } else { progress.show("tokens", done: count, of: limit) }
  }

  private func give(_ text: String) throws {
    kept.withLock { $0.text += text }
    if streams, !text.isEmpty { try Console.output(text) }
  }

  /// What was held back of a text that is cut: the possible beginning of a stop text, half a character.
  private func giveRest(_ tokenizer: Tokenizer) throws {
    let whole = try tokenizer.decode(ids, skipSpecial: true, goesOn: true).utf8
    try give(String(decoding: whole.dropFirst(text.utf8.count), as: UTF8.self))
  }
}
