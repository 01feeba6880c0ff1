import Dispatch
import OpenCLRuntime

/// A turn at a driver that must not run kernels of two queues at once.
///
/// PoCL (seen in 3.1) keeps loaded kernels in one table for the whole process. It finds an entry to use by hash, local
/// size and greatest grid, but an entry to release by hash and local size only. So when a kernel is launched with its
/// greatest grid so far while another queue, of any context, has it running, the second release fails an assertion and
/// ends the process. Steps of different sessions take turns there; other drivers need none.
struct DriverTurn: Sendable {
  // Traps: never, one turn is not negative.
  private static let pocl = DispatchSemaphore(value: 1)
  private let semaphore: DispatchSemaphore?

  init(device: Device) {
    semaphore = device.profile.platformName == "Portable Computing Language" ? Self.pocl : nil
  }

  /// Waits for the turn, and calls `check` meanwhile: what it throws ends the wait.
  func take(_ check: () throws -> Void = {}) throws {
    guard let semaphore else { return }
    while semaphore.wait(timeout: .now() + .milliseconds(20)) == .timedOut { try check() }
  }

  /// Gives the turn up. Every launch must be over.
  func end() { semaphore?.signal() }

  /// Gives the turn up when everything the queue was given so far is over.
  func end(after queue: CommandQueue) {
    guard let semaphore else { return }
    do {
      try queue.marker().onCompletion { _ in semaphore.signal() }
    } catch {
      // A queue that takes nothing more runs nothing more.
      semaphore.signal()
    }
  }
}
