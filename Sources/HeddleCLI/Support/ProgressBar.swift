import Foundation
import HeddleText
import Synchronization

/// What a command is at: on a terminal one line that is written over and in the end removed, else a line now and then,
/// so that nobody waits for more than a second without a word.
struct ProgressBar: Sendable {
  private struct State {
    var text: String?
    var counts: (done: Int, total: Int)?
    var start = ContinuousClock.now
    /// What stands on the terminal.
    var drawn: String?
    /// When the next plain line is due.
    var due = ProgressBar.firstLine
    var hasTicker = false
  }

  /// The process has one line, whoever writes it.
  private static let state = Mutex(State())
  private static let firstLine = Duration.seconds(1)
  private static let tick = 0.1

  func show(_ what: String) { Self.set(what, nil) }

  func show(_ what: String, done: Int, of total: Int) { Self.set(what, total > 0 ? (done, total) : nil) }

  /// Removes the line; nothing more is shown until there is something new.
  func clear() { Self.clear() }

  static func clear() {
    state.withLock { state in
      state.text = nil
      if state.drawn != nil { Console.control("\r\u{1B}[K") }
      state.drawn = nil
    }
  }

  private static func set(_ what: String, _ counts: (Int, Int)?) {
    state.withLock { state in
      // What is new has a line of its own once it has taken a second.
      if what != state.text { state.due = min(state.due, state.start.duration(to: .now) + firstLine) }
      state.text = what
      state.counts = counts
      if state.hasTicker { return }
      state.hasTicker = true
      // A thread of its own: a command may keep all others busy.
      Thread.detachNewThread { repeat { Thread.sleep(forTimeInterval: tick) } while draw() }
    }
  }

  /// Whether there is something to show.
  private static func draw() -> Bool {
    state.withLock { state in
      guard let text = state.text else {
        state.hasTicker = false
        return false
      }
      if Console.errorIsTerminal {
        let line = bar(text, state.counts)
        if line != state.drawn { Console.control("\r\u{1B}[K\(line)") }
        state.drawn = line
        return true
      }
      let elapsed = state.start.duration(to: .now)
      guard elapsed >= state.due else { return true }
      // 1, 5, 10, 20, 30, … seconds.
      state.due = elapsed < .seconds(5) ? .seconds(5) : .seconds(10 * (elapsed.components.seconds / 10 + 1))
      Console.control("\(plain(text, state.counts)), \(elapsed.components.seconds) s\n")
      return true
    }
  }

  private static func bar(_ what: String, _ counts: (done: Int, total: Int)?) -> String {
    guard let counts else { return "\(Printable.text(what)) …" }
    let width = 30
    let filled = Int(Double(width) * min(1, max(0, Double(counts.done) / Double(counts.total))))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    return "\(Printable.text(what)) \(bar) \(counts.done)/\(counts.total)"
  }

  private static func plain(_ what: String, _ counts: (done: Int, total: Int)?) -> String {
    "progress: \(Printable.text(what))" + (counts.map { " \($0.done) of \($0.total)" } ?? "")
  }
}
