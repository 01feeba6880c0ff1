// Traps: never, a thread's record is retained when it is set and released when the thread ends, each once.
import CHeddle
import HeddleOpenCL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Asks each thread's own interrupt callback whether the call that keeps the thread is to end.
enum Interruption {
  /// How often a callback is called at most: a short run is not slowed down by it, a long one looks as often itself.
  private static let interval = Duration.milliseconds(15)

  private final class Record {
    var callback: heddle_interrupt_callback?
    var context: UnsafeMutableRawPointer?
    var last = ContinuousClock.now - interval
    var isAsking = false
  }

  /// Nil if the process has no key left: no callback can be set then.
  private static let key: pthread_key_t? = {
    var key = pthread_key_t()
    let made = pthread_key_create(&key) { record in
      #if canImport(Darwin)
        Unmanaged<Record>.fromOpaque(record).release()
      #else
        if let record { Unmanaged<Record>.fromOpaque(record).release() }
      #endif
    }
    return made == 0 ? key : nil
  }()

  private static var current: Record? {
    guard let key, let record = pthread_getspecific(key) else { return nil }
    return Unmanaged<Record>.fromOpaque(record).takeUnretainedValue()
  }

  static func set(_ callback: heddle_interrupt_callback?, _ context: UnsafeMutableRawPointer?) throws(Failure) {
    let record: Record
    if let known = current {
      record = known
    } else {
      guard callback != nil else { return }
      record = Record()
      let owned = Unmanaged.passRetained(record)
      guard let key, pthread_setspecific(key, owned.toOpaque()) == 0 else {
        owned.release()
        throw Failure(HEDDLE_OUT_OF_MEMORY, "the process has no room for a thread's callback")
      }
    }
    (record.callback, record.context) = (callback, context)
  }

  /// Whether the calling thread's callback wants the call to end. The callback may itself call anything.
  static func isRequested() -> Bool {
    guard let record = current, let callback = record.callback else { return false }
    let now = ContinuousClock.now
    // What the callback itself calls goes on.
    guard now - record.last >= interval, !record.isAsking else { return false }
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
