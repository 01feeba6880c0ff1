import Synchronization

/// How many OpenCL objects of each kind are alive. A leak is a count, not a guess from the process's size.
final class LiveObjects: Sendable {
  let buffers = Atomic(0)
  let programs = Atomic(0)
  let kernels = Atomic(0)
  let queues = Atomic(0)
  let events = Atomic(0)
}

extension Atomic<Int> {
  func increase() { wrappingAdd(1, ordering: .relaxed) }
  func decrease() { wrappingSubtract(1, ordering: .relaxed) }
  var now: Int { load(ordering: .relaxed) }
}
