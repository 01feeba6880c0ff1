#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is written beside its path and takes its place when it is whole: nobody sees half of it, and a program
/// that has the old file mapped keeps it. Without ``commit()`` nothing remains.
final class OutputFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32

  /// Opens a new file in the folder of `path`.
  init(path: String) throws(FileError) {
    guard !path.utf8.contains(0) else { throw .cannotWrite(path: path, call: "open", code: EINVAL) }
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, call: "open", code: errno) }
    self.path = path
    self.temporary = temporary
    self.descriptor = descriptor
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(temporary)
    }
  }

  // Traps: never, `write` returns at most what was asked for, so `written` ends at the count.
  /// Appends `bytes`.
  func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: path, call: "write", code: errno)
      }
      written += count
    }
  }

  func append(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBytes { buffer in Result { () throws(FileError) in try append(buffer) } }.get()
  }

  /// Syncs the file and renames it to its path. It is the last call.
  func commit() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, call: "fsync", code: errno) }
    let closed = close(descriptor) == 0 ? 0 : errno
    descriptor = -1
    guard closed == 0 else { throw discarded("close", closed) }
    guard rename(temporary, path) == 0 else { throw discarded("rename", errno) }
  }

  private func discarded(_ call: String, _ code: Int32) -> FileError {
    unlink(temporary)
    return .cannotWrite(path: path, call: call, code: code)
  }

  /// Writes a whole file.
  static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let file = try OutputFile(path: path)
    try file.append(bytes)
    try file.commit()
  }
}
