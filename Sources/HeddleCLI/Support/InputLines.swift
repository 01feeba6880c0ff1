import Foundation
import Heddle
import HeddleText

/// Standard input line by line, each as soon as it is there.
struct InputLines {
  private var bytes: [UInt8] = []
  /// Where the line begins that comes next.
  private var start = 0
  /// Bytes of the lines before it.
  private var offset = 0
  private static let partByteCount = 4096
  private static let limit = 64 << 20

  /// The next line without its end; nil at the end of the input.
  ///
  /// - Throws: ``CommandError`` if standard input cannot be read, naming the first byte that is not UTF-8, and for a line of
  ///   more than 64 MiB.
  mutating func next() throws(CommandError) -> String? {
    var searched = start
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = try text(bytes[start..<end])
        offset += end + 1 - start
        start = end + 1
        return line
      }
      searched = bytes.count
      guard try read() else { break }
      if bytes.count - start > Self.limit { throw CommandError("standard input: a line has more than 64 MiB") }
      searched -= min(searched, shift())
    }
    guard start < bytes.count else { return nil }
    defer { start = bytes.count }
    return try text(bytes[start...])
  }

  /// Forgets the lines that are over; how many bytes they were.
  private mutating func shift() -> Int {
    let count = start
    bytes.removeFirst(count)
    start = 0
    return count
  }

  private func text(_ line: ArraySlice<UInt8>) throws(CommandError) -> String {
    let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    guard let text = String(validating: line, as: UTF8.self) else {
      throw CommandError("standard input: not valid UTF-8 at byte \(offset + TextFile.validPrefix(line))")
    }
    return text
  }

  /// Waits for more; false at the end.
  private mutating func read() throws(CommandError) -> Bool {
    var part = [UInt8](repeating: 0, count: Self.partByteCount)
    while true {
      let count = part.withUnsafeMutableBytes { Foundation.read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes += part.prefix(count)
        return count > 0
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        _ = poll(&request, 1, -1)
      case let code: throw CommandError("standard input: cannot be read: \(String(cString: strerror(code)))")
      }
    }
  }
}
