import Heddle
import Synchronization

/// Follows a generation: streams its text, shows its progress, keeps its tokens.
final class Transcript: Sendable {
  private let streams: Bool
  private let progress: ProgressBar
  private let kept = Mutex<(ids: [Int], text: String)>(([], ""))

  init(streams: Bool, progress: ProgressBar) {
    self.streams = streams
    self.progress = progress
  }

  var ids: [Int] { kept.withLock { $0.ids } }
  var text: String { kept.withLock { $0.text } }

  /// Runs to the end; nil if it was cancelled.
  func follow(_ generation: TextGeneration) async throws -> GenerationSummary? {
    progress.show("prompt", done: 0, of: generation.prompt.count)
    do {
      return try await generation.run { [self] in try take($0) }
    } catch is CancellationError {
      // The device finishes what it was given before the process may go.
      await Task.detached { try? await generation.session.reset() }.value
      return nil
    }
  }

  private func take(_ event: GenerationEvent) throws {
    switch event {
    case .prompt(let done, let total):
      if done < total { progress.show("prompt", done: done, of: total) } else { progress.clear() }
    case .token(let token):
      kept.withLock {
        $0.ids.append(token.id)
        $0.text += token.text
      }
      if streams, !token.text.isEmpty { try Console.output(token.text) }
    case .finished: break
    }
  }
}
