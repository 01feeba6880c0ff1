#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A record of each thread, made when it is first needed. A thread's goes with the thread.
struct ThreadRecord<Record: AnyObject>: Sendable {
  /// Nil if the process has no key left: no thread has a record then.
  private let key: pthread_key_t?

  // Traps: never (released-once).
  init() {
    var key = pthread_key_t()
    let made = pthread_key_create(&key) { record in
      #if canImport(Darwin)
        Unmanaged<AnyObject>.fromOpaque(record).release()
      #else
        if let record { Unmanaged<AnyObject>.fromOpaque(record).release() }
      #endif
    }
    self.key = made == 0 ? key : nil
  }

  // Traps: never (released-once).
  /// The calling thread's record, if it has one.
  var current: Record? {
    guard let key, let record = pthread_getspecific(key) else { return nil }
    return Unmanaged<Record>.fromOpaque(record).takeUnretainedValue()
  }

  // Traps: never (released-once).
  /// The calling thread's record, made if it has none; nil if the process has no room for one.
  func current(orNew make: () -> Record) -> Record? {
    if let current { return current }
    guard let key else { return nil }
    let record = make()
    let owned = Unmanaged.passRetained(record)
    guard pthread_setspecific(key, owned.toOpaque()) == 0 else {
      owned.release()
      return nil
    }
    return record
  }
}
