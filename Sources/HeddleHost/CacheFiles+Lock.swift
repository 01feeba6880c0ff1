import HeddleText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension CacheFiles {
  /// Runs `body` while no other thread or process that asks for the same lock file does. Nil if the lock could not be
  /// had in `patience`. A process that dies gives its lock up; the empty file stays.
  package static func withLock<Result>(_ path: String, patience: Duration, _ body: () -> Result) -> Result? {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if file < 0 { return nil }
    defer { close(file) }
    let deadline = ContinuousClock.now.later(by: patience)
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < deadline else { return nil }
      usleep(2000)
    }
    // Closing is not enough: a child that was forked meanwhile has the same open file, and with it the lock.
    defer { flock(file, LOCK_UN) }
    return body()
  }

  /// Moves something that is in the way aside, over what was moved aside before.
  package static func setAside(_ path: String) -> Bool { rename(path, path + ".damaged") == 0 }

  /// Whether the file is gone now.
  package static func remove(_ path: String) -> Bool { unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR }
}
