import HeddlePlanning

/// A backend that works on the thread that calls, and whose sessions do: no step waits for another thread, whoever awaits it.
///
/// What the device still does for a step that was given up is waited for by the session's next step: a cancelled caller does
/// not wait.
package struct CallingThreadBackend: Backend {
  package let backend: DeviceBackend
  /// Stops every compilation, and every step of every session.
  package let cancellation: RunCancellation

  package init(_ backend: DeviceBackend, cancellation: RunCancellation) {
    self.backend = backend
    self.cancellation = cancellation
  }

  package var deviceName: String { backend.deviceName }

  package func supports(_ operation: any GraphOperation, operands: [TensorType]) -> Support {
    backend.supports(operation, operands: operands)
  }

  package func compile(_ graph: Graph, constants: ConstantStore) async throws -> any Executable {
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
