import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many threads the system lets this process start, found by starting them: what counts against the limit is every
/// thread of the user, or of the control group.
enum HostThreads {
  private static let gate = Mutex<Void>(())

  /// Starts threads that do nothing until all have started, and ends them.
  static func startable(upTo count: Int) -> Int {
    var threads: [pthread_t] = []
    gate.withLock { _ in
      for _ in 0..<max(0, count) {
        #if canImport(Darwin)
          var thread: pthread_t?
          let status = pthread_create(&thread, nil, { _ in HostThreads.passGate() }, nil)
          guard status == 0, let thread else { break }
        #else
          var thread = pthread_t()
          guard pthread_create(&thread, nil, { _ in HostThreads.passGate() }, nil) == 0 else { break }
        #endif
        threads.append(thread)
      }
    }
    for thread in threads { pthread_join(thread, nil) }
    return threads.count
  }

  private static func passGate() -> UnsafeMutableRawPointer? {
    gate.withLock { _ in }
    return nil
  }
}
