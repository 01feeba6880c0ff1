import HeddleText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why a file could not be opened, read or written, whatever is in it.
public enum FileError: Error, Hashable, Sendable {
  case notFound(path: String)
  case cannotRead(path: String, call: String, code: Int32)
  case cannotWrite(path: String, call: String, code: Int32)
  case notARegularFile(path: String, kind: String)
  case empty(path: String)
  case tooLarge(path: String, byteCount: Int, limit: Int)
  /// The file's size changed while it was read.
  case changed(path: String, before: Int, after: Int)
}

extension FileError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .notFound(let path): "\(path): there is no such file"
    case .cannotRead(let path, let call, let code): "\(path): cannot be read: \(call): \(Self.text(code))"
    case .cannotWrite(let path, let call, let code): "\(path): cannot be written: \(call): \(Self.text(code))"
    case .notARegularFile(let path, let kind): "\(path): is \(kind), not a file"
    case .empty(let path): "\(path): is empty"
    case .tooLarge(let path, let byteCount, let limit):
      "\(path): has \(byteCount) bytes, more than the limit of \(limit)"
    case .changed(let path, let before, let after):
      "\(path): changed while it was read, from \(before) to \(after) bytes"
    }
  }

  private static func text(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}

extension FileError: HeddleError {
  public var kind: ErrorKind { .invalidFile }
}
