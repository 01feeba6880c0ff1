import CHeddle
import HeddleHost
import OpenCLRuntime

@c @implementation
public func heddle_live(_ counts: UnsafeMutablePointer<heddle_live_counts>?) -> heddle_status {
  call("heddle_live", evenAfterShutDown: true) {
    var answer = heddle_live_counts()
    let objects = LiveObjects.ofProcess
    answer.handles = Int64(Handles.all.count)
    answer.contexts = Int64(Context.liveCount)
    answer.queues = Int64(objects.queues.now)
    answer.buffers = Int64(objects.buffers.now)
    answer.programs = Int64(objects.programs.now)
    answer.kernels = Int64(objects.kernels.now)
    answer.events = Int64(objects.events.now)
    answer.threads = Int64(Handover.threadCount)
    try fill(counts, with: answer, minimum: FirstSize.liveCounts, "counts")
  }
}
