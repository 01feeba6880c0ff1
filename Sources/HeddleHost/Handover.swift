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

  // Traps: never (released-once).
  /// - Parameter group: who waits for it, and with it for its thread's end; nil: ``waitUntilIdle()``.
  package static func run(for group: DispatchGroup? = nil, _ body: @escaping @Sendable () -> Void) {
    let group = group ?? underWay
    group.enter()
    count.increase()
    let job = Unmanaged.passRetained(Job(group, body))
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

  /// Waits until nothing is under way that was handed over without a group of its own.
  package static func waitUntilIdle() { underWay.wait() }

  // Traps: never (released-once).
  private static func perform(_ job: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    let group = perform(Unmanaged<Job>.fromOpaque(job).takeRetainedValue())
    count.decrease()
    group.leave()
    return nil
  }

  /// What the body held is gone when this returns.
  private static func perform(_ job: consuming Job) -> DispatchGroup {
    job.body()
    return job.group
  }

  private final class Job: Sendable {
    let group: DispatchGroup
    let body: @Sendable () -> Void

    init(_ group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
      self.group = group
      self.body = body
    }
  }
}

/// Carries a handle, or an object about to be released, to another thread. The sender must not use it again.
package struct Carrier<Value>: @unchecked Sendable {
  package let value: Value

  package init(_ value: Value) { self.value = value }
}
