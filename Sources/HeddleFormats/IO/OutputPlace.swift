import HeddleText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What is at a path that is to be written.
enum OutputPlace {
  /// A descriptor of this process, named as `/dev/stdout` or `/dev/fd/3`.
  case descriptor(Int32)
  /// Something that is not a regular file and takes bytes.
  case existing
  /// Where a regular file is to be once links are followed, and what is there now; nil if nothing is.
  case file(target: String, old: stat?)

  init(path: String) throws(FileError) {
    guard !path.isEmpty else { throw .cannotWrite(path: path, call: "open", code: ENOENT) }
    guard !path.utf8.contains(0) else { throw .cannotWrite(path: path, call: "open", code: EINVAL) }
    let target = try Self.followed(path)
    if let number = Self.descriptor(target) {
      self = .descriptor(number)
      return
    }
    var status = stat()
    guard stat(target, &status) == 0 else {
      let code = errno
      guard code == ENOENT else { throw .cannotWrite(path: path, call: "open", code: code) }
      // A folder that is not there says the same when the file is opened.
      self = .file(target: target, old: nil)
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .notARegularFile(path: path, kind: "a directory")
    case S_IFREG:
      // Its folder may allow what the file itself forbids.
      guard access(target, W_OK) == 0 else { throw .cannotWrite(path: path, call: "open", code: errno) }
      self = .file(target: target, old: status)
    default: self = .existing
    }
  }

  /// The path at the end of its symbolic links, whether something is there or not.
  private static func followed(_ path: String) throws(FileError) -> String {
    var target = path
    // As many as Linux follows.
    for _ in 0..<40 {
      if descriptor(target) != nil { return target }
      guard let link = link(target) else { return target }
      target = link.hasPrefix("/") ? link : folder(of: target) + link
    }
    throw .cannotWrite(path: path, call: "open", code: ELOOP)
  }

  /// A path up to its last slash; empty if it has none.
  static func folder(of path: String) -> String {
    String(decoding: path.utf8.reversed().drop { $0 != UInt8(ascii: "/") }.reversed(), as: UTF8.self)
  }

  /// What a symbolic link holds; nil if there is none.
  static func link(_ path: String) -> String? {
    // No path is longer, here or elsewhere.
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0, count < bytes.count else { return nil }
    return String(decoding: bytes.part(from: 0, to: count).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The number of a descriptor of this process that a path names.
  private static func descriptor(_ path: String) -> Int32? {
    for folder in ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", "/proc/\(getpid())/fd/"] {
      if path.hasPrefix(folder), let number = Int32(path.dropFirst(folder.count)), number >= 0 { return number }
    }
    return nil
  }
}
