import Foundation
import Heddle
import OpenCLRuntime

/// The process: a command beside a thread that waits for signals.
@main
enum Tool {
  private static let threads = 3

  static func main() {
    StandardStreams.occupy()
    // Tasks and the line of progress have threads of their own.
    do {
      try HostLimits.requireThreads(threads)
    } catch {
      Console.error("error: \(ErrorText.line(for: error))\n")
      exit(1)
    }
    guard StandardStreams.hasOutput else {
      Console.error("error: standard output is closed\n")
      exit(1)
    }
    let signals = Signals()
    let task = Task.detached { exit(await HeddleCommand.runToEnd()) }
    signals.wait(cancelling: task)
  }
}
