import Foundation

/// The process: a command beside a thread that waits for signals.
@main
enum Tool {
  static func main() {
    let signals = Signals()
    let task = Task.detached { exit(await HeddleCommand.runToEnd()) }
    signals.wait(cancelling: task)
  }
}
