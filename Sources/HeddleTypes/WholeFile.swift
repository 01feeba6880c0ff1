import HeddleText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Small files and pipes, read to their end: `/dev/stdin` and `<(command)` are as good as a file.
///
/// A pipe or a device need not end, so there is a bound. Models are not read this way: they are mapped.
package enum WholeFile {
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case notFound
    case directory
    case tooLarge(limit: Int)
    /// `code` is `errno`.
    case failed(call: String, code: Int32)

    package var description: String {
      switch self {
      case .notFound: "there is no such file"
      case .directory: "it is a directory, not a file"
      case .tooLarge(let limit):
        limit > 0 && limit % (1 << 20) == 0
          ? "it has more than \(limit >> 20) MiB, the limit" : "it has more than \(limit) bytes, the limit"
      case .failed(let call, let code): "\(call): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")"
      }
    }
  }

  /// - Parameter limit: the most bytes that are taken.
  package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .notFound }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      let code = errno
      throw code == ENOENT || code == ENOTDIR ? .notFound : .failed(call: "open", code: code)
    }
    defer { close(descriptor) }
    return try read(descriptor, limit: limit)
  }

  /// The process's standard input to its end.
  package static func readStandardInput(limit: Int) throws(Failure) -> [UInt8] {
    try read(STDIN_FILENO, limit: limit)
  }

  private static func read(_ descriptor: Int32, limit: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = part.withUnsafeMutableBytes { buffer in
        #if canImport(Glibc)
          Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
          Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #else
          Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if count < 0 {
        switch errno {
        case EINTR: continue
        case EISDIR: throw .directory
        case EAGAIN:
          // Whoever started the process may have made its pipe non-blocking.
          var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
          _ = poll(&request, 1, -1)
        default: throw .failed(call: "read", code: errno)
        }
      } else if count == 0 {
        return bytes
      } else {
        guard count <= limit &- bytes.count else { throw .tooLarge(limit: limit) }
        bytes.append(contentsOf: part.part(from: 0, to: count))
      }
    }
  }
}
