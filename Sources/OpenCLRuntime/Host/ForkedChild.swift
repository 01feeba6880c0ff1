import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether this process was forked from one that had used a driver.
///
/// A fork copies the memory of a driver but none of its threads, and locks stay as other threads held them: a call in
/// the child waits for ever. So the child gets an error, and lets its copies of objects go without asking the driver.
/// Processes that are started by `exec` or `posix_spawn`, and children forked before the first use, are free.
package enum ForkedChild {
  private static let flag = Atomic<Bool>(false)

  private static let watching: Void = {
    _ = flag.load(ordering: .relaxed)  // made before a fork, not in its child
    pthread_atfork(nil, nil, { ForkedChild.flag.store(true, ordering: .relaxed) })
  }()

  package static var isThis: Bool { flag.load(ordering: .relaxed) }

  /// To be called before a driver is used for the first time.
  static func watch() { watching }

  /// - Throws: ``OpenCLError/forkedProcess``.
  package static func check() throws(OpenCLError) { if isThis { throw .forkedProcess } }

  /// Releases an object of a driver, unless the driver is only a copy.
  static func release(_ body: () -> Void) { if !isThis { body() } }
}
