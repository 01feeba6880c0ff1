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
  static func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
