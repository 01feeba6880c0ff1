import CHeddle
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Knows whether this process is a fork of one in which a driver was in use. The driver's threads stayed with the parent:
/// whatever waits for one of them, or for a lock that one of them held, waits for ever.
enum ForkedProcess {
  private static let isForked = Atomic(false)
  /// Made by the first use of a device; false if the system could not take the handler.
  private static let isWatched: Bool =
    pthread_atfork(nil, nil, { ForkedProcess.isForked.store(true, ordering: .relaxed) }) == 0

  /// From here on children are known. Called before a driver is touched.
  static func watch() {
    // The flag exists before a child could set it.
    _ = isForked.load(ordering: .relaxed)
    _ = isWatched
  }

  static func check() throws(Failure) {
    guard isForked.load(ordering: .relaxed) else { return }
    throw Failure(
      HEDDLE_FORKED,
      "the process was forked after Heddle had used a device, and drivers do not survive that: exec, or start processes "
        + "before (\"spawn\" or \"forkserver\" in Python's multiprocessing)")
  }
}
