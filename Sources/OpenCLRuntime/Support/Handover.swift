import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where work goes that must not run on a driver's own thread or inside a `deinit`: a thread of its own, gone when the
/// work is done. Nothing of it outlives the last piece of work.
///
/// Drivers run callbacks on threads on which no OpenCL call that blocks is allowed.
package enum Handover {
  private static let underWay = DispatchGroup()
  private static let count = Atomic(0)

  /// Threads that exist now.
  package static var threadCount: Int { count.now }

  // Traps: never, a job is performed once.
  package static func run(_ body: @escaping @Sendable () -> Void) {
    underWay.enter()
    count.increase()
    let job = Unmanaged.passRetained(Job(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { Handover.perform($0) }, job.toOpaque())
    #else
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, { $0.flatMap { Handover.perform($0) } }, job.toOpaque())
    #endif
    guard status == 0 else {
      // No thread to be had: better here than never.
      _ = perform(job.toOpaque())
      return
    }
    #if canImport(Darwin)
      if let thread { pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
  }

  /// Waits until nothing that was handed over is under way.
  package static func waitUntilIdle() { underWay.wait() }

  // Traps: never, a job was retained once, by `run`.
  private static func perform(_ job: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Job>.fromOpaque(job).takeRetainedValue().body()
    count.decrease()
    underWay.leave()
    return nil
  }

  private final class Job: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

/// Carries a handle, or an object about to be released, to another thread. The sender must not use it again.
struct Carrier<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
