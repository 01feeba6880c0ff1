import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A new file beside the one it is to replace, known to the process until it has taken its place or is gone.
struct TemporaryFile {
  let descriptor: Int32
  private let path: String
  private let target: String
  private let number: UInt64

  private struct Known {
    var paths: [UInt64: String] = [:]
    var next: UInt64 = 0
    var isAbandoned = false
  }

  private static let known = Mutex(Known())

  /// Opens it.
  ///
  /// - Parameter old: what is at `target`; its mode and owner are taken over.
  init(beside target: String, like old: stat?) throws(SystemError) {
    let folder = OutputPlace.folder(of: target)
    // Of the name nothing is taken over: it may have the greatest length already.
    let path = "\(folder)heddle-\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    // Nobody may read what its owner keeps to himself, not even for a moment.
    let mode: mode_t = old == nil ? 0o666 : 0o600
    let opened: Result<(Int32, UInt64), SystemError> = Self.known.withLock { known in
      guard !known.isAbandoned else { return .failure(SystemError(call: "open", code: ECANCELED)) }
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      guard descriptor >= 0 else { return .failure(SystemError(call: "open", code: errno)) }
      known.next &+= 1
      known.paths[known.next] = path
      return .success((descriptor, known.next))
    }
    (descriptor, number) = try opened.get()
    self.path = path
    self.target = target
    if let old {
      var new = stat()
      var kept = old.st_mode & 0o7777
      let isSame = fstat(descriptor, &new) == 0 && new.st_uid == old.st_uid && new.st_gid == old.st_gid
      // The owner first: changing it takes bits off the mode.
      if !isSame, fchown(descriptor, old.st_uid, old.st_gid) != 0 {
        // What was granted under another owner is not granted under this one.
        kept &= 0o777
        if new.st_gid != old.st_gid { kept &= ~0o070 }
      }
      _ = fchmod(descriptor, kept)
    }
  }

  /// Renames it to its target.
  func takePlace() throws(SystemError) {
    let code: Int32 = Self.known.withLock { known in
      guard !known.isAbandoned else { return ECANCELED }
      guard rename(path, target) == 0 else { return errno }
      known.paths[number] = nil
      return 0
    }
    guard code == 0 else { throw SystemError(call: "rename", code: code) }
  }

  /// Removes it, unless it has taken its place.
  func discard() {
    Self.known.withLock { known in
      if let path = known.paths.removeValue(forKey: number) { unlink(path) }
    }
  }

  /// Removes all, and lets none be opened or take its place afterwards.
  static func abandonAll() {
    known.withLock { known in
      known.isAbandoned = true
      for path in known.paths.values { unlink(path) }
      known.paths = [:]
    }
  }
}
