import COpenCL
import HeddleHost
import Synchronization

/// An in-order queue of commands for one device. Any thread may enqueue.
public final class CommandQueue: Sendable {
  nonisolated(unsafe) public let handle: cl_command_queue
  public let context: Context
  /// Whether events of this queue know their times.
  public let profiling: Bool
  /// Whether others enqueue on it too.
  public let isAdopted: Bool
  /// Commands taken. Held while enqueuing, so that a count names a prefix of the queue, and as not all drivers take
  /// commands of one queue from two threads at once.
  private let taken = Mutex(0)
  /// The longest prefix known to be complete.
  private let complete = Atomic(0)

  public init(context: Context, profiling: Bool = false) throws(OpenCLError) {
    try context.checkAlive()
    var status: cl_int = 0
    let properties = profiling ? cl_command_queue_properties(CL_QUEUE_PROFILING_ENABLE) : 0
    let created = clCreateCommandQueue(context.handle, context.device.handle, properties, &status)
    try check(status, "clCreateCommandQueue", "\(context)")
    guard let created else {
      throw .unexpectedAnswer(function: "clCreateCommandQueue", context: "no queue on \(context)")
    }
    handle = created
    self.context = context
    self.profiling = profiling
    isAdopted = false
    context.live.queues.increase()
  }

  /// Enqueues on a queue that another part of the process made, after whatever is in it. It is retained. Its owner may go
  /// on enqueuing; order between threads is theirs to keep.
  ///
  /// The handle must be a live queue: drivers cannot tell a stale one.
  ///
  /// - Throws: `foreignContext` if it is of another context or device, `unexpectedAnswer` if it runs commands out of
  ///   order, `call`.
  public init(adopting handle: cl_command_queue, context: Context) throws(OpenCLError) {
    func bits(_ parameter: Int32) throws(OpenCLError) -> UInt64 {
      try InfoQuery.bits("clGetCommandQueueInfo", "parameter \(parameter) of an adopted queue") {
        clGetCommandQueueInfo(handle, cl_uint(bitPattern: parameter), $0, $1, $2)
      }
    }
    try context.checkAlive()
    guard UInt(truncatingIfNeeded: try bits(CL_QUEUE_CONTEXT)) == UInt(bitPattern: context.handle),
      UInt(truncatingIfNeeded: try bits(CL_QUEUE_DEVICE)) == UInt(bitPattern: context.device.handle)
    else { throw .foreignContext("the adopted queue") }
    let properties = try bits(CL_QUEUE_PROPERTIES)
    guard properties & UInt64(CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE) == 0 else {
      throw .unexpectedAnswer(
        function: "clGetCommandQueueInfo", context: "the adopted queue runs commands out of order, not in order")
    }
    try check(clRetainCommandQueue(handle), "clRetainCommandQueue", "an adopted queue")
    self.handle = handle
    self.context = context
    profiling = properties & UInt64(CL_QUEUE_PROFILING_ENABLE) != 0
    isAdopted = true
    context.live.queues.increase()
  }

  /// Never blocks. Work still under way is finished on another thread, which then releases queue and context.
  deinit {
    if ForkedChild.isThis { return }
    let unfinished = taken.withLock { $0 } > complete.load(ordering: .acquiring)
    if unfinished, !context.isLost, !isAdopted {
      let queue = Carrier(handle)
      let context = context
      Handover.run {
        clFinish(queue.value)
        clReleaseCommandQueue(queue.value)
        context.live.queues.decrease()
      }
    } else {
      clReleaseCommandQueue(handle)
      context.live.queues.decrease()
    }
  }

  /// Hands all enqueued commands to the device; does not wait.
  public func flush() throws(OpenCLError) {
    try ForkedChild.check()
    try check(clFlush(handle), "clFlush", "\(context)")
  }

  /// Blocks the calling thread until all enqueued commands are complete. Not for Swift's cooperative threads: use
  /// `finished()` there.
  public func finish() throws(OpenCLError) {
    try context.checkAlive()
    let count = taken.withLock { $0 }
    try check(clFinish(handle), "clFinish", "\(context)")
    finished(upTo: count)
  }

  /// Suspends the task until all commands enqueued so far are complete; blocks no thread.
  public func finished() async throws(OpenCLError) {
    try await marker().completed()
  }

  /// An event that is complete when all commands enqueued before it are.
  public func marker() throws(OpenCLError) -> Event {
    try marker(waitFor: [])
  }

  /// An event that is complete when all commands enqueued before it, and the given events, are.
  public func marker(waitFor events: [Event]) throws(OpenCLError) -> Event {
    let event = try submit("clEnqueueMarkerWithWaitList", "a marker", waitFor: events, event: true) {
      clEnqueueMarkerWithWaitList(handle, $0, $1, $2)
    }
    guard let event else {
      throw .unexpectedAnswer(function: "clEnqueueMarkerWithWaitList", context: "no event")
    }
    return event
  }

  // For the other facets

  /// The last arguments of every enqueue call: count of events to wait for, the events, where to put the new one.
  typealias Enqueue = (cl_uint, UnsafePointer<cl_event?>?, UnsafeMutablePointer<cl_event?>?) -> cl_int

  /// Enqueues one command that does not block.
  func submit(
    _ function: StaticString, _ what: @autoclosure () -> String, waitFor events: [Event], event wanted: Bool,
    _ enqueue: Enqueue
  ) throws(OpenCLError) -> Event? {
    try context.checkAlive()
    let waiting = try handles(of: events)
    var created: cl_event?
    var position = 0
    let status = withExtendedLifetime(events) {
      taken.withLock { taken in
        let status = Self.call(enqueue, waiting, wanted, &created)
        if status == 0 { taken &+= 1 }
        position = taken
        return status
      }
    }
    return try finishEnqueue(status, function, what(), created, position, wanted)
  }

  /// Enqueues one command and waits for it, and so for all before it.
  ///
  /// The driver's own blocking calls are not used: they would wait inside the lock, and outside it some drivers cannot
  /// enqueue (PoCL's single-threaded devices deadlock).
  func submitBlocking(
    _ function: StaticString, _ what: @autoclosure () -> String, waitFor events: [Event], event wanted: Bool,
    _ enqueue: Enqueue
  ) throws(OpenCLError) -> Event? {
    let event = try submit(function, what(), waitFor: events, event: true, enqueue)
    guard let event else { throw .unexpectedAnswer(function: "\(function)", context: "no event") }
    try event.wait()
    return wanted ? event : nil
  }

  /// Remembers that the first `count` commands are complete.
  func finished(upTo count: Int) {
    complete.max(count, ordering: .acquiringAndReleasing)
  }

  private func handles(of events: [Event]) throws(OpenCLError) -> [cl_event?] {
    var handles: [cl_event?] = []
    for event in events {
      guard event.context === context else { throw .foreignContext("an event to wait for") }
      handles.append(event.handle)
    }
    return handles
  }

  private static func call(
    _ enqueue: Enqueue, _ waiting: [cl_event?], _ wanted: Bool, _ created: inout cl_event?
  ) -> cl_int {
    if waiting.isEmpty { return wanted ? enqueue(0, nil, &created) : enqueue(0, nil, nil) }
    return waiting.withUnsafeBufferPointer { waiting in
      wanted
        ? enqueue(cl_uint(clamping: waiting.count), waiting.baseAddress, &created)
        : enqueue(cl_uint(clamping: waiting.count), waiting.baseAddress, nil)
    }
  }

  private func finishEnqueue(
    _ status: cl_int, _ function: StaticString, _ what: @autoclosure () -> String, _ created: cl_event?,
    _ position: Int, _ wanted: Bool
  ) throws(OpenCLError) -> Event? {
    if status == OpenCLStatus.execStatusErrorForEventsInWaitList.rawValue {
      throw context.lose(OpenCLStatus(rawValue: status), during: what())
    }
    try check(status, function, what())
    return created.map { Event(taking: $0, context: context, queue: self, position: position) }
  }
}
