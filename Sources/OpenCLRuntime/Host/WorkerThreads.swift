import COpenCL
import HeddleHost
import HostProcessor
import Synchronization

/// PoCL's threads, one for each processor, each on a processor of its own.
///
/// Where they stay nowhere, Linux often wakes two of them on one processor, and one waits there for up to a tick of 4 ms
/// while another processor is idle: longer than many a launch takes. Decoding a small model then runs on one processor for a
/// third of its time, which measured two thirds as fast. `POCL_AFFINITY=1` does the same, but is read when PoCL starts, from an
/// environment that is the host's; and ends the process where a processor of that number is not for it.
///
/// The threads come as they run native kernels, each of which waits for the others: so each runs on a thread of its own.
enum WorkerThreads {
  /// What is waited for a thread that has other work, in nanoseconds.
  private static let patience = 100_000_000
  /// More tries do not help: the host lets this process have other processors than PoCL has threads.
  private static let mostTries = 3
  private static let tries = Mutex(0)

  /// Lets the threads of a device stay where they are apart, once in a process. Nothing changes where the user set
  /// `POCL_AFFINITY`, where threads are not as many as the processors they may run on, or are busy.
  static func spread(_ context: Context) {
    let profile = context.device.profile
    guard profile.platformName == "Portable Computing Language", profile.type == .cpu, profile.computeUnits > 1,
      Environment.value("POCL_AFFINITY") == nil
    else { return }
    tries.withLock { tries in
      guard tries < mostTries else { return }
      tries &+= 1
      if meet(context, profile.computeUnits) { tries = mostTries }
    }
  }

  /// - Returns: Whether all threads have a processor of their own since.
  private static func meet(_ context: Context, _ count: Int) -> Bool {
    guard let meeting = heddle_host_meeting_create(Int32(clamping: count), patience) else { return false }
    defer { heddle_host_meeting_free(meeting) }
    // One queue would run them one after the other.
    var queues: [cl_command_queue] = []
    defer { for queue in queues { clReleaseCommandQueue(queue) } }
    // They use the meeting until they are over.
    defer { for queue in queues { clFinish(queue) } }
    while queues.count < count {
      var status: cl_int = 0
      guard let queue = clCreateCommandQueue(context.handle, context.device.handle, 0, &status), status == CL_SUCCESS
      else {
        return false
      }
      queues.append(queue)
      var argument: OpaquePointer? = meeting
      let size = MemoryLayout.size(ofValue: argument)
      guard clEnqueueNativeKernel(queue, heddle_host_meet, &argument, size, 0, nil, nil, 0, nil, nil) == CL_SUCCESS,
        clFlush(queue) == CL_SUCCESS
      else { return false }
    }
    for queue in queues where clFinish(queue) != CL_SUCCESS { return false }
    return heddle_host_meeting_placed(meeting) == count
  }
}
