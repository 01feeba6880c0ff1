import HeddleGraph

/// Waits for portions of a run, never past its deadline, and never with more than two portions in the queue.
struct BoundedWait {
  let deadline: ContinuousClock.Instant?
  /// Nil if nobody can cancel the run.
  let cancellation: RunCancellation?
  private var previous: (any DeviceEvent)?

  /// How often a waiting run looks whether it was cancelled.
  private static let interval = Duration.milliseconds(20)

  init(deadline: ContinuousClock.Instant?, cancellation: RunCancellation?) {
    self.deadline = deadline
    self.cancellation = cancellation
  }

  /// Starts the portion that ends with `event` and waits for the one before it.
  ///
  /// - Returns: Whether there was one.
  mutating func next(_ event: any DeviceEvent, on queue: any DeviceQueue) throws -> Bool {
    try queue.flush()
    if let previous { try wait(previous) }
    // Also where waiting took no time: a device may run what it is given before it answers.
    try check()
    defer { previous = event }
    return previous != nil
  }

  /// Starts the last portion and waits for all of them.
  ///
  /// - Parameters:
  ///   - event: of the queue's last command; nil: unknown. A marker costs as much as a small launch.
  ///   - isShort: whether what is left takes no longer than a cancelled run may take to stop.
  mutating func last(_ event: (any DeviceEvent)? = nil, on queue: any DeviceQueue, isShort: Bool = false) throws {
    let event = try event ?? queue.makeMarker()
    try check()
    if deadline == nil, isShort { return try event.wait() }
    try queue.flush()
    try wait(event)
  }

  /// Looks at least once, also if the event is complete: launching may have taken long itself. With nothing to look for,
  /// the driver wakes this thread itself.
  private func wait(_ event: any DeviceEvent) throws {
    if deadline == nil, cancellation == nil { return try event.wait() }
    while true {
      try check()
      let left = deadline.map { ContinuousClock.now.duration(to: $0) } ?? Self.interval
      if try event.wait(timeout: min(left, Self.interval)) { return }
    }
  }

  func check() throws {
    if cancellation?.isCancelled == true { throw CancellationError() }
    if let deadline, ContinuousClock.now >= deadline { throw ExecutionError.deadlineExceeded }
  }
}
