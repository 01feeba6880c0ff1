#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A regular file opened for reading.
final class InputFile {
  let path: String
  /// The size when it was opened.
  let byteCount: Int
  private let descriptor: Int32

  /// Opens the file without waiting for anybody: a FIFO without a writer is refused at once.
  ///
  /// - Parameter followsLinks: whether a symbolic link at the path is followed; else it cannot be read (`ELOOP`). Links
  ///   among the path's folders are.
  init(path: String, maximumByteCount: Int, followsLinks: Bool = true) throws(FileError) {
    // The C call would stop at the NUL and open another file.
    guard !path.utf8.contains(0) else { throw .notFound(path: path) }
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (followsLinks ? 0 : O_NOFOLLOW)
    let descriptor = open(path, flags)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT || code == ENOTDIR { throw .notFound(path: path) }
      throw .cannotRead(path: path, call: "open", code: code)
    }
    do throws(FileError) {
      byteCount = try Self.regularFileByteCount(descriptor, path)
      guard byteCount > 0 else { throw .empty(path: path) }
      guard byteCount <= maximumByteCount else {
        throw .tooLarge(path: path, byteCount: byteCount, limit: maximumByteCount)
      }
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Opens a file and its bytes; ``requireUnchanged()`` is to be called once they are parsed.
  static func opening(
    _ path: String, _ storage: FileStorage, limit: Int, copyLimit: Int, followsLinks: Bool = true
  ) throws(FileError) -> (input: InputFile, storage: ByteStorage) {
    switch storage {
    case .mapped:
      let input = try InputFile(path: path, maximumByteCount: limit, followsLinks: followsLinks)
      return (input, try input.mapped())
    case .copied:
      let input = try InputFile(
        path: path, maximumByteCount: min(limit, copyLimit), followsLinks: followsLinks)
      return (input, try input.copied())
    }
  }

  /// The file's pages, read when they are touched.
  func mapped() throws(FileError) -> ByteStorage {
    guard let base = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw .cannotRead(path: path, call: "mmap", code: errno)
    }
    return ByteStorage(mapping: UnsafeMutableRawBufferPointer(start: base, count: byteCount), of: self)
  }

  /// A copy of the file in memory.
  func copied() throws(FileError) -> ByteStorage {
    let (storage, buffer) = try ByteStorage.anonymous(byteCount: byteCount, path: path)
    var filled = 0
    while filled < byteCount {
      let count = read(descriptor, buffer.baseAddress.map { $0 + filled }, byteCount &- filled)
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotRead(path: path, call: "read", code: errno)
      }
      guard count > 0 else { throw .changed(path: path, before: byteCount, after: filled) }
      filled &+= count
    }
    return storage
  }

  /// Throws if the file no longer has the size it was opened with.
  func requireUnchanged() throws(FileError) {
    let now = try Self.regularFileByteCount(descriptor, path)
    guard now == byteCount else { throw .changed(path: path, before: byteCount, after: now) }
  }

  /// Throws if the file is shorter than when it was opened.
  func requireNotShorter() throws(FileError) {
    let now = try Self.regularFileByteCount(descriptor, path)
    guard now >= byteCount else { throw .changed(path: path, before: byteCount, after: now) }
  }

  private static func regularFileByteCount(_ descriptor: Int32, _ path: String) throws(FileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, call: "fstat", code: errno) }
    let kind: String
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(exactly: status.st_size) ?? .max
    case S_IFDIR: kind = "a directory"
    case S_IFIFO: kind = "a named pipe"
    case S_IFCHR: kind = "a character device"
    case S_IFBLK: kind = "a block device"
    case S_IFSOCK: kind = "a socket"
    default: kind = "something else"
    }
    throw .notARegularFile(path: path, kind: kind)
  }
}
