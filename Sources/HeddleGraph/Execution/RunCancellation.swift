import Synchronization

/// Lets another thread stop a run or a compilation that blocks its own.
public final class RunCancellation: Sendable {
  private let flag = Atomic<Bool>(false)
  private let poll: (@Sendable () -> Bool)?

  /// - Parameter poll: asked now and then on the thread that is blocked, beside the flag; true stops it. No lock is held
  ///   meanwhile.
  public init(poll: (@Sendable () -> Bool)? = nil) { self.poll = poll }

  public var isCancelled: Bool { flag.load(ordering: .relaxed) || poll?() == true }
  public func cancel() { flag.store(true, ordering: .relaxed) }
  /// Makes the object good for another run.
  public func reset() { flag.store(false, ordering: .relaxed) }

  /// - Throws: `CancellationError` once it is cancelled.
  package func check() throws { if isCancelled { throw CancellationError() } }
}
