import Synchronization

extension Atomic<Int> {
  package func increase() { wrappingAdd(1, ordering: .relaxed) }
  package func decrease() { wrappingSubtract(1, ordering: .relaxed) }
  package var now: Int { load(ordering: .relaxed) }
}
