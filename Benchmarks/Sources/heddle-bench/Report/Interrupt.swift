import Dispatch
import Foundation
import Heddle
import Synchronization

/// The end of a run by a signal: nothing unfinished is left, and the exit code is 128 and the signal's number.
enum Interrupt {
  /// A process that this one started and that would go on without it; 0 for none.
  static let child = Atomic<Int32>(0)

  /// To be called once; the sources live as long as the process.
  static func watch() -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM, SIGHUP].compactMap { number in
      let before = signal(number, SIG_IGN)
      // `nohup`, or a shell that starts something in the background, wants it so.
      if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { return nil }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        OutputFile.abandonAll()
        let child = child.load(ordering: .sequentiallyConsistent)
        if child > 0 { kill(child, SIGKILL) }
        _exit(128 + number)
      }
      source.activate()
      return source
    }
  }
}
