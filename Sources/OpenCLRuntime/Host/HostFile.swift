#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Small files in which the system says things.
enum HostFile {
  /// A longer first line is cut.
  private static let most = 4096

  // Traps: never, the system's `read` returns at most what was asked for, a constant.
  /// The first line without its end; nil if the file is not there or empty.
  static func firstLine(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    if file < 0 { return nil }
    defer { close(file) }
    let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      count = max(0, read(file, buffer.baseAddress, most))
    }
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  // Traps: never, a path begins with a slash, and a slash found in it is one of its indices.
  /// A limit of this process's control group (version 2), or of the nearest group above that sets it.
  static func controlGroup(_ name: String) -> String? {
    guard let line = firstLine("/proc/self/cgroup"), line.hasPrefix("0::/") else {
      return firstLine("/sys/fs/cgroup/\(name)")
    }
    var path = line.dropFirst("0::".count)
    while true {
      let folder = path == "/" ? "" : path
      if let text = firstLine("/sys/fs/cgroup\(folder)/\(name)"), text != "max" { return text }
      guard let slash = path.lastIndex(of: "/"), path != "/" else { return nil }
      path = slash == path.startIndex ? "/" : path[..<slash]
    }
  }
}
