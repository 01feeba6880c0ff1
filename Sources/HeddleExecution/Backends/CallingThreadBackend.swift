import HeddlePlanning

/// A backend that works on the thread that calls, and whose sessions do: no step waits for another thread, whoever awaits it.
///
/// What the device still does for a step that was given up is waited for by the session's next step: a cancelled caller does
/// not wait.
public struct CallingThreadBackend: Backend {
  public let backend: DeviceBackend
  /// Stops every compilation, and every step of every session.
  public let cancellation: RunCancellation

  public init(_ backend: DeviceBackend, cancellation: RunCancellation) {
    self.backend = backend
    self.cancellation = cancellation
  }

  public var deviceName: String { backend.deviceName }

  public func supports(_ operation: any GraphOperation, operands: [TensorType]) -> Support {
    backend.supports(operation, operands: operands)
  }

  public func compile(_ graph: Graph, constants: ConstantStore) async throws -> any Executable {
    CallingThreadExecutable(
      executable: try backend.compileBlocking(graph, constants: constants, cancellation: cancellation),
      cancellation: cancellation)
  }
}

private struct CallingThreadExecutable: Executable {
  let executable: DeviceExecutable
  let cancellation: RunCancellation

  var graph: Graph { executable.graph }

  func makeSession(_ bindings: Bindings) throws -> any Session {
    try DeviceSession(executable: executable, fixed: bindings, thread: .calling(cancellation))
  }
}
