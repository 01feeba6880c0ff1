import COpenCL
import HeddleHost

/// The progress of one enqueued command.
public final class Event: Sendable {
  /// How far a command has come.
  public enum Status: Hashable, Sendable {
    case queued, submitted, running, complete
    case failed(OpenCLStatus)
  }

  nonisolated(unsafe) public let handle: cl_event
  public let context: Context
  /// The command's queue; a user event has none.
  public let queue: CommandQueue?
  /// How many commands the queue had taken with this one.
  let position: Int

  init(taking handle: cl_event, context: Context, queue: CommandQueue?, position: Int) {
    self.handle = handle
    self.context = context
    self.queue = queue
    self.position = position
    context.live.events.increase()
  }

  deinit {
    ForkedChild.release { clReleaseEvent(handle) }
    context.live.events.decrease()
  }

  /// How far the command has come. Does not wait.
  public var status: Status {
    get throws(OpenCLError) {
      let bits = try InfoQuery.bits("clGetEventInfo", "the status of a command") {
        clGetEventInfo(handle, cl_uint(CL_EVENT_COMMAND_EXECUTION_STATUS), $0, $1, $2)
      }
      return Status(raw: cl_int(truncatingIfNeeded: bits))
    }
  }

  /// When the command passed each stage. The queue must have been made with profiling, and the command be complete.
  public var profile: EventProfile {
    get throws(OpenCLError) {
      func time(_ parameter: Int32) throws(OpenCLError) -> Int {
        try InfoQuery.integer("clGetEventProfilingInfo", "a command's times") {
          clGetEventProfilingInfo(handle, cl_uint(bitPattern: parameter), $0, $1, $2)
        }
      }
      return EventProfile(
        queued: try time(CL_PROFILING_COMMAND_QUEUED), submitted: try time(CL_PROFILING_COMMAND_SUBMIT),
        started: try time(CL_PROFILING_COMMAND_START), ended: try time(CL_PROFILING_COMMAND_END))
    }
  }
}

extension Event.Status {
  init(raw: cl_int) {
    self =
      switch raw {
      case cl_int(CL_QUEUED): .queued
      case cl_int(CL_SUBMITTED): .submitted
      case cl_int(CL_RUNNING): .running
      case cl_int(CL_COMPLETE): .complete
      default: .failed(OpenCLStatus(rawValue: raw))
      }
  }
}

/// When a command passed each stage, in nanoseconds of the device's own clock. Only differences mean something.
public struct EventProfile: Hashable, Codable, Sendable {
  public var queued: Int
  public var submitted: Int
  public var started: Int
  public var ended: Int

  public init(queued: Int, submitted: Int, started: Int, ended: Int) {
    self.queued = queued
    self.submitted = submitted
    self.started = started
    self.ended = ended
  }

  /// Nanoseconds from start to end; zero when the device's clock went backwards.
  public var duration: Int {
    let (difference, overflow) = ended.subtractingReportingOverflow(started)
    return overflow ? 0 : max(0, difference)
  }
}
