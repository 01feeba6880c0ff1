import Dispatch
import Synchronization

/// Runs a task on the thread that waits for it: asynchronous code without a thread of the library's own, and without
/// Swift's cooperative ones.
///
/// A default actor follows the preference of the task that calls it. Code that waits for another thread's work would leave
/// the caller waiting too; nothing that is run here does.
final class CallerExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  /// Counts ``jobs``.
  private let arrivals = DispatchSemaphore(value: 0)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    arrivals.signal()
  }

  /// Runs `body` to its end on the calling thread.
  static func run<Success: Sendable>(_ body: @escaping @Sendable () async throws -> Success) throws -> Success {
    let executor = CallerExecutor()
    let outcome = Outcome<Success>()
    Task(executorPreference: executor) {
      let result: Result<Success, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      outcome.value.withLock { $0 = result }
    }
    while true {
      if let result = outcome.value.withLock({ $0 }) { return try result.get() }
      executor.runNext()
    }
  }

  private final class Outcome<Success: Sendable>: Sendable {
    let value = Mutex<Result<Success, any Error>?>(nil)
  }

  private func runNext() {
    arrivals.wait()
    let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    job?.runSynchronously(on: asUnownedTaskExecutor())
  }
}
