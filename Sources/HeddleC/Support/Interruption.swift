import CHeddle
import HeddleGraph

/// Asks each thread's own interrupt callback whether the call that keeps the thread is to end.
enum Interruption {
  /// How often a callback is called at most: a short run is not slowed down by it, a long one looks as often itself.
  private static let interval = Duration.milliseconds(15)

  private final class Record {
    var callback: heddle_interrupt_callback?
    var context: UnsafeMutableRawPointer?
    var last: ContinuousClock.Instant?
    var isAsking = false
  }

  private static let records = ThreadRecord<Record>()

  static func set(_ callback: heddle_interrupt_callback?, _ context: UnsafeMutableRawPointer?) throws(Failure) {
    if callback == nil, records.current == nil { return }
    guard let record = records.current(orNew: { Record() }) else {
      throw Failure(HEDDLE_OUT_OF_MEMORY, "the process has no room for a thread's callback")
    }
    (record.callback, record.context) = (callback, context)
  }

  /// Whether the calling thread's callback wants the call to end. The callback may itself call anything.
  static func isRequested() -> Bool {
    guard let record = records.current, let callback = record.callback else { return false }
    let now = ContinuousClock.now
    // What the callback itself calls goes on.
    guard record.last.map({ $0.duration(to: now) >= interval }) ?? true, !record.isAsking else { return false }
    record.isAsking = true
    defer { (record.last, record.isAsking) = (.now, false) }
    return callback(record.context) != 0
  }
}

extension RunCancellation {
  /// One that also the calling thread's interrupt callback cancels, whichever thread that is.
  static func interruptible() -> RunCancellation { RunCancellation(poll: Interruption.isRequested) }
}

@c @implementation
public func heddle_set_interrupt(
  _ callback: heddle_interrupt_callback?, _ context: UnsafeMutableRawPointer?
) -> heddle_status {
  call("heddle_set_interrupt") { try Interruption.set(callback, context) }
}
