import HeddleExecution
import Synchronization

/// What was asked of a counting runtime, and what of it is alive.
package final class Counts: Sendable {
  /// The calls that a driver may refuse.
  package enum Call: String, Hashable, Sendable, CaseIterable {
    case checkProcess, allocate, wrap, checkOwn, makeQueue, build, prepare, makeCall, requireNoTurn, takeTurn
    case write, read, zero, map, unmap, launch, makeMarker, flush, finish
    case makeKernel, setMemory, setValue, call, wait, times
  }

  /// The objects of a driver.
  package enum Kind: Hashable, Sendable, CaseIterable {
    case memory, queue, program, kernel, event
    /// Wrapped memory that the host has.
    case mapping
  }

  private struct State {
    var number = 0
    var calls: [Call: Int] = [:]
    var live: [Kind: Int] = [:]
    var byteCount = 0
    var launches: [(global: [Int], local: [Int])] = []
    var failingCall: Int?
    var failed: Call?
  }

  private let state: Mutex<State>

  init(failingCall: Int?) { state = Mutex(State(failingCall: failingCall)) }

  /// All calls so far.
  package var callCount: Int { state.withLock { $0.number } }
  package func calls(_ call: Call) -> Int { state.withLock { $0.calls[call] ?? 0 } }
  package func live(_ kind: Kind) -> Int { state.withLock { $0.live[kind] ?? 0 } }
  package var byteCount: Int { state.withLock { $0.byteCount } }
  /// Work sizes of the launches so far.
  package var launches: [(global: [Int], local: [Int])] { state.withLock { $0.launches } }
  /// The call that was told to fail, once it has.
  package var failed: Call? { state.withLock { $0.failed } }

  /// Every kind that has objects alive.
  package var leftovers: [Kind: Int] { state.withLock { $0.live.filter { $0.value != 0 } } }

  /// Makes the n-th call from now fail.
  package func fail(in calls: Int) { state.withLock { $0.failingCall = $0.number + calls } }

  func enter(_ call: Call) throws(CountingError) {
    let error = state.withLock { state -> CountingError? in
      state.number += 1
      state.calls[call, default: 0] += 1
      guard state.number == state.failingCall else { return nil }
      state.failed = call
      return .injected(call, number: state.number)
    }
    if let error { throw error }
  }

  func add(_ count: Int, _ kind: Kind) { state.withLock { $0.live[kind, default: 0] += count } }

  func launched(global: [Int], local: [Int]) { state.withLock { $0.launches.append((global, local)) } }

  func reserve(_ byteCount: Int, of budget: Int) throws(CountingError) {
    let error = state.withLock { state -> CountingError? in
      guard byteCount > 0, byteCount <= budget - state.byteCount else {
        return .budgetExceeded(requested: byteCount, inUse: state.byteCount, budget: budget)
      }
      state.byteCount += byteCount
      return nil
    }
    if let error { throw error }
  }

  func release(_ byteCount: Int) { state.withLock { $0.byteCount -= byteCount } }

  /// Memory of this runtime.
  func own(_ memory: any DeviceMemory) throws(CountingError) -> CountingMemory {
    guard let memory = memory as? CountingMemory, memory.counts === self else { throw .foreign }
    return memory
  }
}

/// What a counting runtime throws.
package enum CountingError: Error, Hashable, Sendable {
  case injected(Counts.Call, number: Int)
  case budgetExceeded(requested: Int, inUse: Int, budget: Int)
  /// An object of another runtime.
  case foreign
  /// A range outside its memory, or work sizes that no driver takes.
  case range
  /// A kernel was launched before all its arguments were set.
  case unsetArgument
}
