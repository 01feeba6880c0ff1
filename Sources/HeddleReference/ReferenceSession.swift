import HeddleGraph
import HeddleText
import Synchronization

/// States by name. A step computes the next values beside the old ones and takes them over at its end, so a step
/// that fails changes nothing and the session is always usable.
final class ReferenceSession: Session {
  private struct Storage {
    var states: NameTable<Tensor>
    var isBusy = false
  }

  private let executable: ReferenceExecutable
  private let bindings: Bindings
  private let initial: NameTable<Tensor>
  private let storage: Mutex<Storage>

  init(executable: ReferenceExecutable, bindings: Bindings, initial: NameTable<Tensor>) {
    self.executable = executable
    self.bindings = bindings
    self.initial = initial
    storage = Mutex(Storage(states: initial))
  }

  var isUsable: Bool { true }

  func run(_ request: RunRequest) async throws -> NameTable<Tensor> {
    let states = try begin()
    defer { storage.withLock { $0.isBusy = false } }
    let (outputs, next) = try await executable.run(request, fixed: bindings, states: states)
    storage.withLock { $0.states = next }
    return outputs
  }

  func reset() async throws {
    _ = try begin()
    storage.withLock { storage in
      storage.states = initial
      storage.isBusy = false
    }
  }

  private func begin() throws -> NameTable<Tensor> {
    try storage.withLock { storage in
      guard !storage.isBusy else { throw ExecutionError.sessionBusy }
      storage.isBusy = true
      return storage.states
    }
  }
}
