// Traps: never, a thread's record is retained when it is set and released when the thread ends, each once.
import CHeddle
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The last failure of each thread. A thread's goes with the thread.
enum LastError {
  final class Record {
    var code: heddle_status = 0
    var operation: StaticString = ""
    var text = ""
  }

  /// Nil if the process has no key left: errors then have no text.
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

  /// The calling thread's record, if it has had a failure.
  static var current: Record? {
    guard let key, let record = pthread_getspecific(key) else { return nil }
    return Unmanaged<Record>.fromOpaque(record).takeUnretainedValue()
  }

  static func set(_ failure: Failure, _ operation: StaticString) {
    guard let key else { return }
    let record: Record
    if let known = current {
      record = known
    } else {
      record = Record()
      let owned = Unmanaged.passRetained(record)
      guard pthread_setspecific(key, owned.toOpaque()) == 0 else { return owned.release() }
    }
    record.code = failure.code
    record.operation = operation
    record.text = failure.text
  }
}
