import Foundation

/// What the process holds of memory at most, as Linux counts it.
enum PeakMemory {
  /// Whether the system says it, and starts to count again when it is told to.
  static let isKnown = status("VmHWM") != nil && reset()

  /// Bytes that the process grew by at most while `body` ran, with pages of files that were read; nil if nobody knows.
  static func growth(_ body: () throws -> Void) rethrows -> Int? {
    giveBack()
    guard reset(), let before = status("VmRSS") else { return nil }
    try body()
    return status("VmHWM").map { $0 - before }
  }

  /// What earlier tests freed must not be there to be used again. (glibc's header for this is in no module.)
  private static func giveBack() {
    guard let address = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(address, to: (@convention(c) (Int) -> CInt).self)(0)
  }

  private static func reset() -> Bool {
    (try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)) != nil
  }

  private static func status(_ field: String) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix(field + ":") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }
}
