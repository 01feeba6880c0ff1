import HeddleText

/// Whether a backend can run an operation, and why not.
public enum Support: Hashable, Sendable {
  case supported
  case unsupported(String)

  public var isSupported: Bool { self == .supported }
}

/// Something that can run graphs: `compile → makeSession → run`.
public protocol Backend: Sendable {
  /// What the backend runs on, for people.
  var deviceName: String { get }

  /// Whether one operation with these operand types can run here. Nothing falls back silently: a graph with an
  /// unsupported operation does not compile.
  func supports(_ operation: any GraphOperation, operands: [TensorType]) -> Support

  /// Prepares a graph to be run at any bindings in its symbols' ranges: everything slow happens here.
  func compile(_ graph: Graph, constants: ConstantStore) async throws -> any Executable

  /// The same, saying meanwhile how far it has come. Cancelling the task throws `CancellationError` between two pieces
  /// of work.
  func compile(
    _ graph: Graph, constants: ConstantStore, progress: @escaping CompileProgress.Handler
  ) async throws -> any Executable
}

extension Backend {
  /// For a backend that has nothing to wait for: `progress` is not called.
  public func compile(
    _ graph: Graph, constants: ConstantStore, progress: @escaping CompileProgress.Handler
  ) async throws -> any Executable {
    try await compile(graph, constants: constants)
  }
}

/// A compiled graph; many sessions may run it at once.
public protocol Executable: Sendable {
  var graph: Graph { get }

  /// A new session with states of its own, at their initial values.
  ///
  /// On a device its own memory is what its steps need. States have theirs from the start. Inputs, outputs and
  /// intermediates have none before a step needs it, and none while a caller's memory is used in their place; a step that
  /// needs more than there is makes at least twice as much, though not more than the greatest values of the symbols need,
  /// nor than the budget allows, and that stays while the session lives. A step that fits makes nothing. Beyond the budget
  /// a step throws the runtime's error, and the session goes on as before.
  ///
  /// - Parameter bindings: the values of the symbols in state shapes.
  func makeSession(_ bindings: Bindings) throws -> any Session
}

/// One run's request.
public struct RunRequest: Sendable {
  /// Every input of the graph, by name.
  public var inputs: NameTable<Tensor>
  /// Values of symbols that are not an axis of an input of their own; those follow from the inputs.
  public var bindings: Bindings
  /// The outputs to bring back; nil for all.
  public var outputs: NameSet?
  /// When to give up: the run throws ``ExecutionError/deadlineExceeded``.
  public var deadline: ContinuousClock.Instant?

  public init(
    inputs: NameTable<Tensor> = [:], bindings: Bindings = [:], outputs: NameSet? = nil,
    deadline: ContinuousClock.Instant? = nil
  ) {
    self.inputs = inputs
    self.bindings = bindings
    self.outputs = outputs
    self.deadline = deadline
  }
}
