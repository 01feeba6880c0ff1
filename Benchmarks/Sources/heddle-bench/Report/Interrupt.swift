import Dispatch
import Foundation
import Heddle

/// The end of a run by a signal: nothing unfinished is left, and the exit code is 128 and the signal's number.
enum Interrupt {
  /// To be called once; the sources live as long as the process.
  static func watch() -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        OutputFile.abandonAll()
        _exit(128 + number)
      }
      source.activate()
      return source
    }
  }
}
