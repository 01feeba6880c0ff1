import Foundation
import Heddle
import HeddleText
import Synchronization

/// The process's output streams, written without buffering.
enum Console {
  /// Standard output is a file that the command writes; what it has to say goes to standard error.
  private static let outputIsTaken = Atomic<Bool>(false)

  /// Standard output, to be written as a file.
  static func takenOutput() throws(FileError) -> OutputFile {
    let file = try OutputFile.standardOutput()
    outputIsTaken.store(true, ordering: .relaxed)
    return file
  }

  /// Text as it is: what a model wrote, and what machines read.
  ///
  /// - Throws: ``StreamError``: a full disk is an error of the command.
  static func output(_ text: String) throws(StreamError) { try output(Array(text.utf8)) }

  static func output(_ bytes: [UInt8]) throws(StreamError) {
    if outputIsTaken.load(ordering: .relaxed) {
      _ = write(bytes, to: STDERR_FILENO)
      return
    }
    let code = write(bytes, to: STDOUT_FILENO)
    if code != 0 { throw StreamError(code: code) }
  }

  /// Text for people, with nothing in it that steers a terminal.
  static func report(_ text: String) throws(StreamError) { try output(Printable.lines(text)) }

  /// A message for people. Nothing can be done about an stderr that cannot be written.
  static func error(_ text: String) { control(Printable.lines(text)) }

  /// Text with the tool's own escape sequences, to stderr.
  static func control(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

  static let errorIsTerminal = isatty(STDERR_FILENO) == 1

  /// 0, or `errno`.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&request, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}

/// Standard output does not take what is written.
struct StreamError: Error, CustomStringConvertible {
  /// `errno`
  var code: Int32

  var description: String { "cannot write to standard output: \(String(cString: strerror(code)))" }
}
