import HeddleGraph
import HeddleText
import Synchronization

/// States by name. A step computes the next values beside the old ones and takes them over at its end, so a step
/// that fails changes nothing and the session is always usable.
final class ReferenceSession: Session {
  private struct Storage {
    var states: NameTable<Tensor>
    /// What was written, and the outputs of the last runs.
    var inputs: NameTable<Tensor> = [:]
    var outputs: NameTable<Tensor> = [:]
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
    let before = try begin()
    defer { storage.withLock { $0.isBusy = false } }
    let brought = request.inputs.map(\.key)
    var request = request
    for (name, tensor) in before.inputs where request.inputs[name] == nil { request.inputs[name] = tensor }
    let (outputs, next) = try await executable.run(request, fixed: bindings, states: before.states)
    storage.withLock { storage in
      storage.states = next
      // As in a device's memory, a request's tensor takes the place of what was written.
      for name in brought { storage.inputs[name] = nil }
      for (name, tensor) in outputs { storage.outputs[name] = tensor }
    }
    return outputs
  }

  func reset() async throws {
    _ = try begin()
    storage.withLock { storage in
      storage.states = initial
      storage.isBusy = false
    }
  }

  /// - Throws: ``ExecutionError/unknownPlace(_:known:)``, also for an output; ``ExecutionError/inputType(_:expected:got:)``.
  func write(_ tensor: Tensor, to place: TensorPlace) async throws {
    guard let type = executable.graph.tensorPlaces[place] else { throw unknown(place) }
    _ = try begin()
    defer { storage.withLock { $0.isBusy = false } }
    let summary = TensorSummary(tensor.encoding, tensor.shape)
    guard tensor.encoding == type.encoding, tensor.shape.count == type.rank else {
      throw ExecutionError.inputType(place.name, expected: type, got: summary)
    }
    switch place {
    case .input(let name): storage.withLock { $0.inputs[name] = tensor }
    case .state(let name):
      guard initial[name]?.shape == tensor.shape else {
        throw ExecutionError.inputType(name, expected: type, got: summary)
      }
      storage.withLock { $0.states[name] = tensor }
    case .output: throw unknown(place)
    }
  }

  /// An output that no run has brought back yet has no value.
  func read(_ place: TensorPlace) async throws -> Tensor {
    let storage = storage.withLock { $0 }
    let value =
      switch place {
      case .input(let name): storage.inputs[name]
      case .state(let name): storage.states[name]
      case .output(let name): storage.outputs[name]
      }
    guard let value else { throw unknown(place) }
    return value
  }

  private func unknown(_ place: TensorPlace) -> ExecutionError {
    .unknownPlace(place, known: Array(executable.graph.tensorPlaces.keys))
  }

  private func begin() throws -> Storage {
    try storage.withLock { storage in
      guard !storage.isBusy else { throw ExecutionError.sessionBusy }
      storage.isBusy = true
      return storage
    }
  }
}
