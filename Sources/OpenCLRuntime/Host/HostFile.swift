import HeddleText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Small files in which the system says things.
enum HostFile {
  /// The first line without its end; nil if the file is not there or empty.
  static func firstLine(_ path: String) -> String? {
    let line = beginning(path).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  /// What follows `name` in the line that begins with it; nil if there is none.
  static func value(of name: String, in path: String) -> String? {
    let lines = String(decoding: beginning(path), as: UTF8.self).split(separator: "\n")
    return lines.first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) }
  }

  private static func beginning(_ path: String) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    if file < 0 { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(file, &bytes, bytes.count)
    return Array(bytes.part(from: 0, to: count))
  }

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
      guard path != "/", let (above, _) = path.parted(atLast: "/") else { return least }
      path = above.isEmpty ? "/" : above
    }
  }
}
