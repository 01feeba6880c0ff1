#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Read-only pages, given back when the last owner goes.
///
/// Sendable because nobody writes to the pages after the storage is made.
final class ByteStorage: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
  private let mapping: UnsafeMutableRawBufferPointer
  /// The file whose pages are mapped, open as long as they are.
  private let file: InputFile?

  /// Takes over pages from `mmap`.
  init(mapping: UnsafeMutableRawBufferPointer, of file: InputFile? = nil) {
    self.mapping = mapping
    self.file = file
    bytes = UnsafeRawBufferPointer(mapping)
  }

  /// A copy of `bytes`.
  ///
  /// - Throws: ``FileError/empty(path:)`` if there are none.
  convenience init(copying source: [UInt8], path: String) throws(FileError) {
    guard !source.isEmpty else { throw .empty(path: path) }
    let buffer = try Self.anonymousPages(byteCount: source.count, path: path)
    buffer.copyBytes(from: source)
    self.init(mapping: buffer)
  }

  /// Pages of zeros, to be filled before anybody else sees the storage. Pages, not `malloc`: a size that cannot be
  /// had is then an error and not the end of the process.
  static func anonymous(
    byteCount: Int, path: String
  ) throws(FileError) -> (storage: ByteStorage, buffer: UnsafeMutableRawBufferPointer) {
    let buffer = try anonymousPages(byteCount: byteCount, path: path)
    return (ByteStorage(mapping: buffer), buffer)
  }

  private static func anonymousPages(
    byteCount: Int, path: String
  ) throws(FileError) -> UnsafeMutableRawBufferPointer {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED else {
      throw .cannotRead(path: path, call: "mmap", code: errno)
    }
    return UnsafeMutableRawBufferPointer(start: base, count: byteCount)
  }

  /// Throws if the file has become shorter since it was mapped: touching pages that are gone would end the process.
  func requireAllThere() throws(FileError) { try file?.requireNotShorter() }

  deinit { munmap(mapping.baseAddress, mapping.count) }
}
