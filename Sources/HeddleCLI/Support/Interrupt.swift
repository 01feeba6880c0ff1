import Dispatch
import Foundation
import Synchronization

/// Control-C while something long runs: the first cancels it, the second ends the process.
enum Interrupt {
  static func cancelling<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let task = Task { try await body() }
    let count = Atomic<Int>(0)
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      if count.add(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
      task.cancel()
    }
    source.activate()
    defer {
      source.cancel()
      signal(SIGINT, SIG_DFL)
    }
    return try await task.value
  }
}
