import COpenCL
import Dispatch
import HeddleHost

// Ways to wait for a command: block this thread, block it for a while, suspend a task, be called back.

extension Event {
  /// Blocks the calling thread until the command is complete. Not for Swift's cooperative threads: use `completed()`
  /// there.
  ///
  /// - Throws: `deviceLost` when the command, or one it waited for, ended abnormally.
  public func wait() throws(OpenCLError) {
    try ForkedChild.check()
    try queue?.flush()
    var handles: [cl_event?] = [handle]
    let status = OpenCLStatus(rawValue: clWaitForEvents(1, &handles))
    if status == .execStatusErrorForEventsInWaitList {
      if case .failed(let cause) = try self.status { throw context.lose(cause, during: "a command") }
    }
    try check(status.rawValue, "clWaitForEvents", "one command on \(context.device.identifier)")
    queue?.finished(upTo: position)
  }

  // Traps: never (wait-bounded).
  /// Blocks the calling thread until the command is complete or the time is over.
  ///
  /// - Returns: Whether the command is complete.
  /// - Throws: `deviceLost` when the command, or one it waited for, ended abnormally.
  public func wait(timeout: Duration) throws(OpenCLError) -> Bool {
    if try settle(self.status) { return true }
    let semaphore = DispatchSemaphore(value: 0)
    try notify { _ in semaphore.signal() }
    try queue?.flush()
    // A century is for ever: a `Duration` has more seconds than its components have bits for, `DispatchTime` fewer.
    let nanoseconds = max(.zero, min(timeout, .seconds(3_000_000_000))) / .nanoseconds(1)
    let deadline: DispatchTime =
      nanoseconds < 3e18 ? .now() + .nanoseconds(Int(nanoseconds)) : .distantFuture
    guard semaphore.wait(timeout: deadline) == .success else { return try settle(self.status) }
    return try settle(self.status)
  }

  // Traps: never (resumed-once).
  /// Suspends the task until the command is complete; blocks no thread. Cancelling the task does not end the wait: the
  /// command goes on, and its memory with it.
  ///
  /// - Throws: `deviceLost` when the command, or one it waited for, ended abnormally.
  public func completed() async throws(OpenCLError) {
    if try settle(self.status) { return }
    let answer: Result<OpenCLStatus, OpenCLError> = await withCheckedContinuation { continuation in
      do throws(OpenCLError) {
        try notify { continuation.resume(returning: .success($0)) }
      } catch {
        continuation.resume(returning: .failure(error))
        return
      }
      // The wait itself is safe without: a driver that fails to flush reports it at the next call.
      try? queue?.flush()
    }
    _ = try settle(Status(raw: try answer.get().rawValue))
  }

  /// Calls `body` once, when the command is complete (`.success`) or ended abnormally (its error). It runs on a thread
  /// of this library, never the driver's, so it may do anything.
  ///
  /// - Throws: `call` when the driver takes no callback; then `body` is never called.
  public func onCompletion(_ body: @escaping @Sendable (OpenCLStatus) -> Void) throws(OpenCLError) {
    try notify { status in Handover.run { body(status) } }
    try queue?.flush()
  }

  // Traps: never (released-once).
  /// Calls `body` on a driver's thread, where it may only pass a word on.
  private func notify(_ body: @escaping @Sendable (OpenCLStatus) -> Void) throws(OpenCLError) {
    let box = Unmanaged.passRetained(CallbackBox(body))
    let status = clSetEventCallback(
      handle, cl_int(CL_COMPLETE),
      { _, status, user in
        guard let user else { return }
        let box = Unmanaged<CallbackBox>.fromOpaque(user).takeRetainedValue()
        box.body(OpenCLStatus(rawValue: status))
      }, box.toOpaque())
    if status != 0 {
      box.release()
      try check(status, "clSetEventCallback", "one command on \(context.device.identifier)")
    }
  }

  /// Whether the status is final; remembers it.
  private func settle(_ status: Status) throws(OpenCLError) -> Bool {
    switch status {
    case .queued, .submitted, .running: return false
    case .complete:
      queue?.finished(upTo: position)
      return true
    case .failed(let cause): throw context.lose(cause, during: "a command")
    }
  }
}

private final class CallbackBox: Sendable {
  let body: @Sendable (OpenCLStatus) -> Void
  init(_ body: @escaping @Sendable (OpenCLStatus) -> Void) { self.body = body }
}
