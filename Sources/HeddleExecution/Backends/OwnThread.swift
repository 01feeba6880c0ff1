import Dispatch

// Traps: never (resumed-once).
/// Runs blocking work on a queue's thread, away from Swift's cooperative ones, and suspends the task meanwhile.
func onThread<Result: Sendable>(
  of queue: DispatchQueue, _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    queue.async { continuation.resume(with: Swift.Result { try body() }) }
  }
}
