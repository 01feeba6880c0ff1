import Synchronization

/// The bytes a context has given out, and their limit.
///
/// The driver is not asked how much is left: some accept any size and end the process at first use.
final class MemoryLedger: Sendable {
  private struct State {
    var inUse = 0
    var peak = 0
    var count = 0
  }

  let budget: Int
  private let state = Mutex(State())

  init(budget: Int) { self.budget = budget }

  var inUse: Int { state.withLock { $0.inUse } }
  var peak: Int { state.withLock { $0.peak } }
  var allocationCount: Int { state.withLock { $0.count } }

  func reserve(_ bytes: Int) throws(OpenCLError) {
    let inUse: Int? = state.withLock { state in
      let (total, overflow) = state.inUse.addingReportingOverflow(bytes)
      if overflow || total > budget { return state.inUse }
      state.inUse = total
      state.peak = max(state.peak, total)
      state.count &+= 1
      return nil
    }
    if let inUse { throw .budgetExceeded(requested: bytes, inUse: inUse, budget: budget) }
  }

  func release(_ bytes: Int) { state.withLock { $0.inUse &-= bytes } }

  /// Takes back a reservation the driver refused.
  func cancel(_ bytes: Int) {
    state.withLock {
      $0.inUse &-= bytes
      $0.count &-= 1
    }
  }
}
