import Foundation

/// One line on stderr that is written over and in the end removed. Silent if stderr is no terminal.
struct ProgressBar: Sendable {
  private let isVisible: Bool

  init(isVisible: Bool = Console.errorIsTerminal) { self.isVisible = isVisible }

  func show(_ what: String) { if isVisible { Console.error("\r\u{1B}[K\(what) …") } }

  func show(_ what: String, done: Int, of total: Int) {
    guard isVisible, total > 0 else { return }
    let width = 30
    let filled = min(width, width * min(done, total) / total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    Console.error("\r\u{1B}[K\(what) \(bar) \(done)/\(total)")
  }

  func clear() { if isVisible { Console.error("\r\u{1B}[K") } }
}
