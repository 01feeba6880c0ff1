import HeddleHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder in which PoCL keeps what it compiles, and loads it from as shared objects.
///
/// PoCL ends the process where the folder cannot be written, is full or is mounted `noexec`, so it is looked at before
/// PoCL is. And when two processes build one program there at once, one may find its file gone between looking and
/// reading (seen in 3.1): a build that fails, or a crash. So builds of one program take turns, by lock files beside
/// PoCL's own.
struct DriverCache: Sendable {
  /// PoCL's own rule: `$POCL_CACHE_DIR`, else `pocl/kcache` in `$XDG_CACHE_HOME`, `$HOME/.cache` or `/tmp`.
  let directory: String

  private static let platform = "Portable Computing Language"
  /// How long a process waits for another that builds the same program.
  private static let patience = Duration.seconds(60)
  /// Linux's ST_NOEXEC, which its headers keep to themselves; other systems do not say.
  #if os(Linux)
    private static let mountedWithoutExecution: UInt = 8
  #else
    private static let mountedWithoutExecution: UInt = 0
  #endif
  /// Bytes that must be free: a program and its kernels take some hundred KiB.
  static let leastFreeBytes = 16 << 20

  /// Nil if the platform keeps no such folder.
  init?(platformName: String, environment: (String) -> String? = Environment.value) {
    guard platformName == Self.platform else { return nil }
    let part = environment("POCL_KERNEL_CACHE") == "0" ? "pocl/uncached" : "pocl/kcache"
    if let own = environment("POCL_CACHE_DIR") {
      directory = own
    } else if let caches = environment("XDG_CACHE_HOME"), !caches.isEmpty {
      directory = "\(caches)/\(part)"
    } else if let home = environment("HOME") {
      directory = "\(home)/.cache/\(part)"
    } else {
      directory = "/tmp/\(part)"
    }
  }

  /// - Throws: ``OpenCLError/driverFolder(_:)``.
  func check() throws(OpenCLError) {
    if let reason = defect() {
      throw .driverFolder(DriverFolderFailure(driver: Self.platform, path: directory, reason: reason))
    }
  }

  /// What is wrong with the folder, after trying to make it; nil: nothing.
  func defect() -> DriverFolderFailure.Reason? {
    guard !directory.isEmpty, !directory.utf8.contains(0) else { return .cannotBeMade(ENOENT) }
    let isWritable = CacheFiles.prepare(directory)
    let code = errno
    var info = stat()
    guard stat(directory, &info) == 0 else { return .cannotBeMade(isWritable ? errno : code) }
    guard info.st_mode & S_IFMT == S_IFDIR else { return .notAFolder }
    guard isWritable else { return .notWritable(code) }
    var volume = statvfs()
    guard statvfs(directory, &volume) == 0 else { return nil }
    if volume.f_flag & UInt(ST_RDONLY) != 0 { return .notWritable(EROFS) }
    if volume.f_flag & Self.mountedWithoutExecution != 0 { return .notExecutable }
    let (free, overflow) = Int(clamping: volume.f_bavail).multipliedReportingOverflow(
      by: Int(clamping: volume.f_frsize))
    return overflow || free >= Self.leastFreeBytes ? nil : .full(freeBytes: free, neededBytes: Self.leastFreeBytes)
  }

  /// Runs `body` while no other process does for the same program. Without a lock to be had it runs all the same: the
  /// lock is against rare accidents, and a folder that cannot be locked may still be good to build in.
  func withLock<Result, Failure: Error>(
    program key: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let locks = directory + "/heddle-locks"
    guard CacheFiles.prepare(locks) else { return try body() }
    // 256 files at most; programs that share one only wait for each other.
    let outcome = CacheFiles.withLock("\(locks)/\(key.prefix(2))", patience: Self.patience) {
      () -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    if let outcome { return try outcome.get() }
    return try body()
  }
}
