import HeddleGraph
import HeddleOpenCL
import HeddleText

/// An OpenCL backend that works on the calling thread, whoever awaits it.
struct BlockingBackend: Backend {
  let backend: OpenCLBackend
  /// Stops every step of every session.
  let cancellation: RunCancellation

  var deviceName: String { backend.deviceName }

  func supports(_ operation: any GraphOperation, operands: [TensorType]) -> Support {
    backend.supports(operation, operands: operands)
  }

  func compile(_ graph: Graph, constants: ConstantStore) async throws -> any Executable {
    BlockingExecutable(
      executable: try backend.compileBlocking(graph, constants: constants, cancellation: cancellation),
      cancellation: cancellation)
  }
}

private struct BlockingExecutable: Executable {
  let executable: OpenCLExecutable
  let cancellation: RunCancellation

  var graph: Graph { executable.graph }

  func makeSession(_ bindings: Bindings) throws -> any Session {
    BlockingSession(session: try executable.makeOpenCLSession(bindings), cancellation: cancellation)
  }
}

private final class BlockingSession: Session {
  private let session: OpenCLSession
  private let cancellation: RunCancellation

  init(session: OpenCLSession, cancellation: RunCancellation) {
    self.session = session
    self.cancellation = cancellation
  }

  var isUsable: Bool { session.isUsable }

  func run(_ request: RunRequest) async throws -> NameTable<Tensor> {
    // What the device still does for a step that was given up is waited for by the session's next step, or by who releases
    // the model: a cancelled caller does not wait.
    try session.runBlocking(request, cancellation: cancellation)
  }

  func reset() async throws { try session.resetBlocking() }
}
