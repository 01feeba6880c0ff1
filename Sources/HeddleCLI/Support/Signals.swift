import Foundation
import Heddle
import Synchronization

/// SIGINT, SIGTERM and SIGHUP, in one place for all commands: the first cancels the command; if that does not end it at
/// once, the process ends. Nothing unfinished stays behind, and the exit code is 128 and the signal's number.
struct Signals {
  /// How long a cancelled command may take to print what it has, and on a busy machine how much of the processors' time, in
  /// microseconds.
  private static let grace: useconds_t = 200_000
  /// How many hundredths of a second at most, if other processes have the processors, or nobody reads.
  private static let greatestWait = 100

  private static let first = Atomic<Int32>(0)
  private static let endsOnClosedPipes = Atomic<Bool>(false)

  /// Ends what control-C is to end instead of the command; false if there is nothing, or it was told before.
  private static let interruption = Mutex<(@Sendable () -> Bool)?>(nil)

  private var awaited = sigset_t()

  /// To be called before there is a second thread: those that come later leave these signals to ``wait(cancelling:)``.
  init() {
    sigemptyset(&awaited)
    for signal in [SIGINT, SIGTERM, SIGHUP] where !Self.isIgnored(signal) { sigaddset(&awaited, signal) }
    pthread_sigmask(SIG_BLOCK, &awaited, nil)
    // Both become errors of the call that writes, so that what is unfinished is removed.
    Self.endsOnClosedPipes.store(!Self.isIgnored(SIGPIPE), ordering: .relaxed)
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// `nohup`, or a shell that starts something in the background, wants it so.
  private static func isIgnored(_ number: Int32) -> Bool {
    let handler = signal(number, SIG_DFL)
    guard unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) else { return false }
    signal(number, SIG_IGN)
    return true
  }

  /// 128 and the number of the signal that came; nil if none did.
  static var exitCode: Int32? {
    let number = first.load(ordering: .sequentiallyConsistent)
    return number == 0 ? nil : 128 + number
  }

  /// Runs `body` with something that the first SIGINT ends instead of the command.
  static func interrupting<Result>(
    _ end: @escaping @Sendable () -> Bool, _ body: () async throws -> Result
  ) async rethrows -> Result {
    interruption.withLock { $0 = end }
    defer { interruption.withLock { $0 = nil } }
    return try await body()
  }

  /// Waits for a signal and ends the process; the command itself ends it otherwise.
  func wait(cancelling task: Task<Never, Never>) -> Never {
    var (awaited, number) = (awaited, Int32(0))
    repeat {
      while sigwait(&awaited, &number) != 0 || number == 0 {}
    } while number == SIGINT && Self.interruption.withLock { $0?() ?? false }
    Self.first.store(number, ordering: .sequentiallyConsistent)
    task.cancel()
    Self.giveGrace()
    OutputFile.abandonAll()
    Self.endSoon(awaited: awaited)
    ProgressBar.clear()
    Console.error("error: interrupted\n")
    _exit(128 + number)
  }

  private static func giveGrace() {
    // Microseconds of all threads.
    func spent() -> Int {
      var time = timespec()
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }
    let start = spent()
    for hundredth in 0..<greatestWait where hundredth < Int(grace) / 10_000 || spent() - start < Int(grace) {
      usleep(10_000)
    }
  }

  /// Lets the next signal end the process, or else a fifth of a second: standard error may be a full pipe, and whoever writes to it,
  /// or waits for one who does, never comes back.
  private static func endSoon(awaited: sigset_t) {
    let end: @convention(c) (Int32) -> Void = { _ in _exit(Signals.exitCode ?? 1) }
    var ending = awaited
    for number in [SIGINT, SIGTERM, SIGHUP] where sigismember(&ending, number) == 1 {
      // Forgets what came during the grace, so that there is time to say what happened.
      signal(number, SIG_IGN)
      signal(number, end)
    }
    signal(SIGALRM, end)
    sigaddset(&ending, SIGALRM)
    pthread_sigmask(SIG_UNBLOCK, &ending, nil)
    ualarm(grace, 0)
  }

  /// Ends as programs do whose reader has gone: without a word, unless whoever started the process wants to hear of it.
  static func endOfClosedPipe() {
    guard endsOnClosedPipes.load(ordering: .relaxed) else { return }
    signal(SIGPIPE, SIG_DFL)
    kill(getpid(), SIGPIPE)
    // Another thread may be the one that takes it.
    usleep(1_000_000)
  }
}
