import Synchronization

/// Lets another thread stop a run that blocks its own.
public final class RunCancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  public init() {}

  public var isCancelled: Bool { flag.load(ordering: .relaxed) }
  public func cancel() { flag.store(true, ordering: .relaxed) }
  /// Makes the object good for another run.
  public func reset() { flag.store(false, ordering: .relaxed) }
}
