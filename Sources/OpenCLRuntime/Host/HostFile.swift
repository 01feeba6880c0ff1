#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Small files in which the system says things.
enum HostFile {
  /// A longer file is cut.
  private static let most = 4096

  /// The first line without its end; nil if the file is not there or empty.
  static func firstLine(_ path: String) -> String? {
    let line = beginning(path).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  // Traps: never, a count is not negative.
  /// What follows `name` in the line that begins with it; nil if there is none.
  static func value(of name: String, in path: String) -> String? {
    let lines = String(decoding: beginning(path), as: UTF8.self).split(separator: "\n")
    return lines.first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) }
  }

  // Traps: never, the system's `read` returns at most what was asked for, a constant.
  private static func beginning(_ path: String) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    if file < 0 { return [] }
    defer { close(file) }
    return [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      count = max(0, read(file, buffer.baseAddress, most))
    }
  }

  // Traps: never, a path begins with a slash, and a slash found in it is one of its indices.
  /// The least limit of this process's control group (version 2) and the groups above it; nil: none sets one.
  static func controlGroupLimit(_ name: String) -> Int? {
    guard let line = firstLine("/proc/self/cgroup"), line.hasPrefix("0::/") else { return nil }
    var least: Int?
    var path = line.dropFirst("0::".count)
    while true {
      let folder = path == "/" ? "" : path
      // "max" is no number.
      if let limit = firstLine("/sys/fs/cgroup\(folder)/\(name)").flatMap({ Int($0) }) {
        least = min(least ?? limit, limit)
      }
      guard let slash = path.lastIndex(of: "/"), path != "/" else { return least }
      path = slash == path.startIndex ? "/" : path[..<slash]
    }
  }
}
