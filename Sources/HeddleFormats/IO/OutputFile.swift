#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is written from its beginning to its end.
///
/// A regular file, or one that is not there yet, is written beside its path and takes its place in ``commit()`` when it
/// is whole: nobody sees half of it, a program that has the old file mapped keeps it, and without ``commit()`` nothing
/// remains. Symbolic links are followed, and the file keeps its mode and, where that is allowed, its owner; other hard
/// links keep the old file. What is not regular (a named pipe, a device, `/dev/stdout`, `/dev/fd/3`) is written into.
public final class OutputFile {
  /// As it was given, for messages.
  public let path: String
  private var descriptor: Int32
  /// Nil for what is written into.
  private let temporary: TemporaryFile?
  private var isReserved = false

  /// Opens the file; a named pipe waits for its reader.
  ///
  /// - Throws: ``FileError/cannotWrite(path:call:code:)``, ``FileError/notARegularFile(path:kind:)`` for a directory.
  ///   What can be known before the first byte is known then: a folder that is not there or cannot be written.
  public convenience init(path: String) throws(FileError) {
    switch try OutputPlace(path: path) {
    case .descriptor(let number): try self.init(duplicating: number, path: path)
    case .existing: try self.init(writingInto: path)
    case .file(let target, let old):
      let temporary: TemporaryFile
      do throws(SystemError) { temporary = try TemporaryFile(beside: target, like: old) } catch {
        throw .cannotWrite(path: path, call: error.call, code: error.code)
      }
      self.init(path: path, descriptor: temporary.descriptor, temporary: temporary)
    }
  }

  private init(path: String, descriptor: Int32, temporary: TemporaryFile?) {
    self.path = path
    self.descriptor = descriptor
    self.temporary = temporary
  }

  private convenience init(duplicating number: Int32, path: String) throws(FileError) {
    let descriptor = fcntl(number, F_DUPFD_CLOEXEC, 3)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, call: "dup", code: errno) }
    self.init(path: path, descriptor: descriptor, temporary: nil)
  }

  private convenience init(writingInto path: String) throws(FileError) {
    var descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    while descriptor < 0, errno == EINTR { descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY) }
    guard descriptor >= 0 else { throw .cannotWrite(path: path, call: "open", code: errno) }
    self.init(path: path, descriptor: descriptor, temporary: nil)
  }

  /// The process's standard output, written from where it stands.
  public static func standardOutput() throws(FileError) -> OutputFile {
    try OutputFile(duplicating: STDOUT_FILENO, path: "standard output")
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    temporary?.discard()
  }

  /// Takes the room that the file will need, so that a disk too full is known before the work is done. Where the file
  /// system cannot do that, glibc writes to every block, which takes a while; elsewhere nothing happens.
  ///
  /// - Throws: ``FileError/cannotWrite(path:call:code:)``.
  public func reserve(byteCount: Int) throws(FileError) {
    #if os(Linux)
      guard temporary != nil, byteCount > 0 else { return }
      var code = posix_fallocate(descriptor, 0, off_t(byteCount))
      while code == EINTR { code = posix_fallocate(descriptor, 0, off_t(byteCount)) }
      if [ENOSPC, EFBIG, EDQUOT].contains(code) {
        throw .cannotWrite(path: path, call: "posix_fallocate", code: code)
      }
      isReserved = true
    #endif
  }

  /// Appends `bytes`.
  ///
  /// - Throws: ``FileError/cannotWrite(path:call:code:)``.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count &- written)
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN, waitUntilWritable() { continue }
        throw .cannotWrite(path: path, call: "write", code: errno)
      }
      written &+= count
    }
  }

  /// Appends `bytes`.
  ///
  /// - Throws: ``FileError/cannotWrite(path:call:code:)``.
  public func append(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBytes { buffer in Result { () throws(FileError) in try append(buffer) } }.get()
  }

  /// Whoever started the process may have made its pipe non-blocking.
  private func waitUntilWritable() -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    let count = poll(&request, 1, -1)
    return count > 0 || (count < 0 && errno == EINTR)
  }

  /// Ends the file; what is regular is synced and takes its place. It is the last call.
  ///
  /// - Throws: ``FileError/cannotWrite(path:call:code:)``. The old file stands then.
  public func commit() throws(FileError) {
    // Room that was not needed.
    if isReserved, ftruncate(descriptor, lseek(descriptor, 0, SEEK_CUR)) != 0 {
      throw .cannotWrite(path: path, call: "ftruncate", code: errno)
    }
    if temporary != nil, fsync(descriptor) != 0 { throw .cannotWrite(path: path, call: "fsync", code: errno) }
    let closed = close(descriptor) == 0 ? 0 : errno
    descriptor = -1
    guard closed == 0 || closed == EINTR else { throw .cannotWrite(path: path, call: "close", code: closed) }
    do throws(SystemError) { try temporary?.takePlace() } catch {
      throw .cannotWrite(path: path, call: error.call, code: error.code)
    }
  }

  /// Writes a whole file.
  ///
  /// - Throws: what ``init(path:)``, ``append(_:)-([UInt8])`` and ``commit()`` throw.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let file = try OutputFile(path: path)
    try file.reserve(byteCount: bytes.count)
    try file.append(bytes)
    try file.commit()
  }

  /// Removes the temporary file of every output that is not committed, and lets no other be begun or committed: for a
  /// process that is about to end without unwinding, as after a signal.
  public static func abandonAll() { TemporaryFile.abandonAll() }
}
