import CHeddle
import Dispatch
import HeddleGraph
import HeddleHost
import HeddleTypes
import Synchronization

/// A session and who is using it. One call at a time; the memory that is bound is kept, with what its owners want back.
final class SessionObject: HandleObject {
  static let kind = HandleKind.session
  let executable: ExecutableObject
  let session: any Session
  let cancellation = RunCancellation.interruptible()

  private struct State {
    enum Phase {
      case idle
      /// A call is inside, on this thread.
      case inside(thread: UInt)
      /// A step runs on a thread of its own, or waits to be asked for.
      case started(StartedRun)
    }
    var phase = Phase.idle
    var isClosing = false
    /// Whether the call that is inside closed the session itself, in a callback.
    var closesOnLeaving = false
    var owners: [TensorPlace: any AnyObject & Sendable] = [:]
    var profile: String?
  }
  private let state = Mutex(State())
  private let left = DispatchSemaphore(value: 0)

  init(_ executable: ExecutableObject, _ session: any Session) {
    self.executable = executable
    self.session = session
  }

  /// Runs `body` as the only one inside.
  func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
    try enter(.inside(thread: CurrentThread.number))
    defer { leave() }
    return try body()
  }

  private func enter(_ phase: State.Phase) throws(Failure) {
    try state.withLock { (state) throws(Failure) in
      if state.isClosing { throw Failure(HEDDLE_STALE_HANDLE, "the session is being released") }
      guard case .idle = state.phase else {
        throw Failure(HEDDLE_BUSY, "the session is doing something else; it does one thing at a time")
      }
      state.phase = phase
      cancellation.reset()
    }
  }

  private func leave() {
    let (isClosing, closes) = state.withLock { state in
      state.phase = .idle
      return (state.isClosing, state.closesOnLeaving)
    }
    if closes { return finish() }
    if isClosing { left.signal() }
  }

  /// The owner of the memory that is bound from now on; gives the former one, to be let go outside.
  func keep(_ owner: (any AnyObject & Sendable)?, for place: TensorPlace) -> (any AnyObject & Sendable)? {
    state.withLock { state in
      let former = state.owners[place]
      state.owners[place] = owner
      return former
    }
  }

  var profile: String? {
    get { state.withLock { $0.profile } }
    set { state.withLock { $0.profile = newValue } }
  }

  // A step on a thread of its own

  func start(_ run: StartedRun) throws(Failure) {
    try enter(.started(run))
    run.start()
  }

  /// Waits for the started step, and throws what it threw.
  func wait(nanoseconds: Int64) throws {
    let run = try state.withLock { (state) throws(Failure) -> StartedRun in
      guard case .started(let run) = state.phase else {
        throw Failure(HEDDLE_NOT_STARTED, "nothing was started, or it was waited for already")
      }
      return run
    }
    guard let result = run.wait(nanoseconds: nanoseconds) else {
      throw Failure(HEDDLE_BUSY, "the step still runs")
    }
    guard end(run) else { throw Failure(HEDDLE_NOT_STARTED, "another thread waited for it at the same time") }
    try result.get()
  }

  /// Makes the session free again after a started step; false if another thread did.
  private func end(_ run: StartedRun) -> Bool {
    state.withLock { state in
      guard case .started(let current) = state.phase, current === run else { return false }
      state.phase = .idle
      return true
    }
  }

  func close() {
    enum Next { case nothing, wait, leave, join(StartedRun) }
    let next = state.withLock { state -> Next in
      state.isClosing = true
      cancellation.cancel()
      switch state.phase {
      case .idle: return .nothing
      case .inside(let thread):
        guard thread == CurrentThread.number else { return .wait }
        state.closesOnLeaving = true
        return .leave
      case .started(let run): return .join(run)
      }
    }
    switch next {
    case .nothing: break
    case .wait: left.wait()
    // It would wait for itself.
    case .leave: return
    case .join(let run): _ = run.wait(nanoseconds: -1)
    }
    finish()
  }

  /// Lets go of the caller's memory, on which the device may still work.
  private func finish() {
    var isFinished = true
    do {
      try session.finishBlocking()
      for place in executable.types.keys { try session.bindBlocking(place, to: nil) }
    } catch {
      isFinished = false
    }
    let owners = state.withLock { state in
      let owners = state.owners
      state.owners = [:]
      return owners
    }
    // A lost device may still write: memory that it has is given up with it.
    // Traps: never (kept-for-good).
    if !isFinished { _ = Unmanaged.passRetained(owners.values.map { $0 } as AnyObject) }
    withExtendedLifetime(owners) {}
  }
}
