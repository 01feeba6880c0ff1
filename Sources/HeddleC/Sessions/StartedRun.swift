import CHeddle
import Dispatch
import HeddleHost
import Synchronization

/// A step on a thread of its own, which ends with it.
final class StartedRun: Sendable {
  private let body: @Sendable () throws -> Void
  private let result = Mutex<Result<Void, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)
  private let thread = DispatchGroup()

  init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }

  func start() {
    Handover.run(for: thread) { [self] in
      let outcome = Result { try body() }
      result.withLock { $0 = outcome }
      done.signal()
    }
  }

  /// What came of the step; nil if it still runs when the time is over. Negative: as long as it takes. Any number of threads
  /// may wait.
  func wait(nanoseconds: Int64) -> Result<Void, any Error>? {
    // `DispatchTime` counts from the machine's start: a century more fits.
    let deadline: DispatchTime =
      nanoseconds < 0 || nanoseconds > 3_000_000_000_000_000_000
      ? .distantFuture : .now() + .nanoseconds(Int(nanoseconds))
    guard done.wait(timeout: deadline) == .success else { return nil }
    done.signal()
    thread.wait()
    return result.withLock { $0 }
  }
}
