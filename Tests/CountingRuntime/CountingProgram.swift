import HeddleExecution
import HeddleTypes
import Synchronization

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

/// Holds the memory of its arguments, as a driver's kernel does, until it is set anew or cleared.
final class CountingKernel: DeviceKernel {
  private let counts: Counts
  private let arguments = Mutex<[Int: Argument]>([:])

  private enum Argument {
    case memory(CountingMemory)
    case value
    case unset
    var isSet: Bool { if case .unset = self { false } else { true } }
  }

  init(counts: Counts) {
    self.counts = counts
    counts.add(1, .kernel)
  }

  deinit { counts.add(-1, .kernel) }

  func set(_ index: Int, to memory: any DeviceMemory) throws {
    try counts.enter(.setMemory)
    let memory = try counts.own(memory)
    arguments.withLock { $0[index] = .memory(memory) }
  }

  func set(_ index: Int, to value: Int32) throws {
    try counts.enter(.setValue)
    arguments.withLock { $0[index] = .value }
  }

  func clear() { arguments.withLock { $0 = $0.mapValues { _ in .unset } } }

  /// - Throws: ``CountingError/unsetArgument`` as a driver does where an argument up to the last one is not set.
  func checkArguments() throws(CountingError) {
    let isComplete = arguments.withLock { arguments in
      !arguments.isEmpty && (0..<arguments.count).allSatisfy { index in arguments[index]?.isSet == true }
    }
    guard isComplete else { throw .unsetArgument }
  }
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
