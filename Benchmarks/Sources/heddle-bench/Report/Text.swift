import Foundation

extension Double {
  /// Three digits: `1234`, `98.7`, `9.87`, `0.987`.
  var short: String {
    guard isFinite else { return "–" }
    switch abs(self) {
    case 0: return "0"
    case 99.95...: return String(format: "%.0f", self)
    case 9.995...: return String(format: "%.1f", self)
    case 0.9995...: return String(format: "%.2f", self)
    default: return String(format: "%.3f", self)
    }
  }
}

extension String {
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}

/// What is going on, for who watches: on standard error, so that the table stands alone.
enum Progress {
  private static let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1

  static func say(_ text: String) { write("\(isTerminal ? "\r\u{1B}[K" : "")\(text)\n") }

  /// What takes a while now; the next line takes its place on a terminal.
  static func show(_ text: String) { if isTerminal { write("\r\u{1B}[K\(text) …") } else { write("\(text) …\n") } }

  private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
