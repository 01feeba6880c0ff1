import Dispatch
import HeddleGraph
import HeddleHost
import OpenCLRuntime
import Synchronization

/// A turn at a driver that must not run kernels of two queues at once.
///
/// PoCL (seen in 3.1) keeps loaded kernels in one table for the whole process. It finds an entry to use by hash, local
/// size and greatest grid, but an entry to release by hash and local size only. So when a kernel is launched with its
/// greatest grid so far while another queue, of any context, has it running, the second release fails an assertion and
/// ends the process. Steps of different sessions take turns there; other drivers need none.
struct DriverTurn: Sendable {
  private static let pocl = DispatchSemaphore(value: 1)
  /// The thread that has the turn; 0 if it was left to commands under way, or nobody has it.
  private static let holder = Atomic<UInt>(0)
  private let semaphore: DispatchSemaphore?

  init(device: Device) {
    semaphore = device.profile.platformName == "Portable Computing Language" ? Self.pocl : nil
  }

  /// To be called before a lock is taken under which the turn is waited for: another thread may hold the lock and wait for
  /// this thread's turn.
  ///
  /// - Throws: ``ExecutionError/driverBusy`` if this thread has the turn.
  func requireNone() throws {
    guard semaphore != nil, Self.holder.load(ordering: .relaxed) == CurrentThread.number else { return }
    throw ExecutionError.driverBusy
  }

  /// Waits for the turn, and calls `check` meanwhile: what it throws ends the wait.
  ///
  /// - Throws: ``ExecutionError/driverBusy`` if this thread has the turn: it would wait for itself.
  func take(_ check: () throws -> Void = {}) throws {
    guard let semaphore else { return }
    try requireNone()
    while semaphore.wait(timeout: .now() + .milliseconds(20)) == .timedOut { try check() }
    Self.holder.store(CurrentThread.number, ordering: .relaxed)
  }

  /// Gives the turn up. Every launch must be over.
  func end() {
    guard let semaphore else { return }
    Self.holder.store(0, ordering: .relaxed)
    semaphore.signal()
  }

  /// Gives the turn up when everything the queue was given so far is over.
  func end(after queue: CommandQueue) {
    guard let semaphore else { return }
    Self.holder.store(0, ordering: .relaxed)
    do {
      try queue.marker().onCompletion { _ in semaphore.signal() }
    } catch {
      // A queue that takes nothing more runs nothing more.
      semaphore.signal()
    }
  }
}
