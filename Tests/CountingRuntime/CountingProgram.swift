import HeddleExecution
import HeddleTypes

final class CountingProgram: DeviceProgram {
  private let counts: Counts

  init(counts: Counts) {
    self.counts = counts
    counts.add(1, .program)
  }

  deinit { counts.add(-1, .program) }

  func makeKernel(_ entry: String) throws -> any DeviceKernel {
    try counts.enter(.makeKernel)
    return CountingKernel(counts: counts)
  }
}

/// Takes arguments and keeps none.
final class CountingKernel: DeviceKernel {
  private let counts: Counts

  init(counts: Counts) {
    self.counts = counts
    counts.add(1, .kernel)
  }

  deinit { counts.add(-1, .kernel) }

  func set(_ index: Int, to memory: any DeviceMemory) throws {
    try counts.enter(.setMemory)
    _ = try counts.own(memory)
  }

  func set(_ index: Int, to value: Int32) throws { try counts.enter(.setValue) }

  func clear() {}
}

/// A library's call that does nothing.
struct CountingCall: DeviceCall {
  let counts: Counts

  func enqueue(
    _ memories: [any DeviceMemory], _ block: UnsafeBufferPointer<Int64>, on queue: any DeviceQueue, event: Bool
  ) throws -> (any DeviceEvent)? {
    try counts.enter(.call)
    for memory in memories { _ = try counts.own(memory) }
    return event ? try queue.makeMarker() : nil
  }
}
