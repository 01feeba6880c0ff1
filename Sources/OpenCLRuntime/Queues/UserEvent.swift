import COpenCL
import Synchronization

/// An event the host completes, for commands to wait on.
///
/// Commands that wait on it block their queue, so one that goes out of scope uncompleted is completed then.
///
/// PoCL 3.1's single-threaded `basic` devices deadlock in `clSetUserEventStatus` when a command waits: they run it
/// inside the call, holding the lock it needs. Use no user events there, nor waits across
/// queues of several threads.
public final class UserEvent: Sendable {
  /// What to pass as `waitFor`.
  public let event: Event
  private let done = Mutex(false)

  public init(context: Context) throws(OpenCLError) {
    try context.checkAlive()
    var status: cl_int = 0
    let created = clCreateUserEvent(context.handle, &status)
    try check(status, "clCreateUserEvent", "\(context)")
    guard let created else {
      throw .unexpectedAnswer(function: "clCreateUserEvent", context: "no event on \(context)")
    }
    event = Event(taking: created, context: context, queue: nil, position: 0)
  }

  deinit { _ = setStatus(cl_int(CL_COMPLETE)) }

  /// Lets waiting commands run. Only the first call counts.
  public func complete() throws(OpenCLError) {
    try check(setStatus(cl_int(CL_COMPLETE)), "clSetUserEventStatus", "completing a user event")
  }

  private func setStatus(_ status: cl_int) -> cl_int {
    done.withLock { done in
      if done { return 0 }
      done = true
      return clSetUserEventStatus(event.handle, status)
    }
  }
}
