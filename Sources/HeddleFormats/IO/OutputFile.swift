#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes whole files.
enum OutputFile {
  /// Writes `bytes` to a new file in the same folder, syncs it and renames it to `path`.
  static func replace(_ path: String, with bytes: [UInt8]) throws(GGUFError) {
    guard !path.utf8.contains(0) else { throw .cannotWrite(path: path, call: "open", code: EINVAL) }
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, call: "open", code: errno) }
    do throws(GGUFError) {
      do throws(GGUFError) {
        try fill(descriptor, with: bytes, path)
        guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, call: "fsync", code: errno) }
      } catch {
        close(descriptor)
        throw error
      }
      guard close(descriptor) == 0 else { throw .cannotWrite(path: path, call: "close", code: errno) }
      guard rename(temporary, path) == 0 else {
        throw .cannotWrite(path: path, call: "rename", code: errno)
      }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func fill(_ descriptor: Int32, with bytes: [UInt8], _ path: String) throws(GGUFError) {
    let failure: Int32 = bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let count = write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        written += count
      }
      return 0
    }
    guard failure == 0 else { throw .cannotWrite(path: path, call: "write", code: failure) }
  }
}
