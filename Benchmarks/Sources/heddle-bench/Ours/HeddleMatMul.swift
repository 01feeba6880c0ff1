import Heddle
import OpenCLRuntime

/// One of Heddle's variants of a matmul: a session for each copy of the weights, x and y bound to buffers on the device.
///
/// A call is a session's `runBlocking`, from calling it to its return: launches, whatever kernels do to x, and waiting.
/// Packing of weights and building of programs happen in `init`.
final class HeddleMatMul: Contestant {
  let name: String
  private let problem: MatMulProblem
  private let sessions: [DeviceSession]
  private let y: Buffer
  private let queue: CommandQueue
  private var next = 0

  init(
    _ data: MatMulData, copies: Int, variant: Variant, on backend: OpenCLBackend
  ) async throws {
    problem = data.problem
    name = variant.name
    queue = try CommandQueue(context: backend.context)
    let activations = try data.activations()
    let x = try Buffer(context: backend.context, byteCount: activations.bytes.count)
    y = try Buffer(context: backend.context, byteCount: 4 * problem.tokens * problem.outputs)
    try queue.write(activations.bytes, to: x)
    var sessions: [DeviceSession] = []
    for _ in 0..<copies {
      // Packed constants are shared by store: a store of its own makes a copy of its own.
      let matmul = try MatMulGraph(problem, weights: data.weights)
      let executable = try await backend.compile(matmul.graph, constants: matmul.constants, options: variant.options)
      let session = try executable.makeDeviceSession()
      try await session.bind(.input("x"), to: x)
      try await session.bind(.output("y"), to: y)
      sessions.append(session)
    }
    self.sessions = sessions
  }

  func run(count: Int) async throws -> Double {
    let request = RunRequest()
    let start = ContinuousClock.now
    for _ in 0..<count {
      _ = try sessions[next].runBlocking(request)
      next = (next + 1) % sessions.count
    }
    return (ContinuousClock.now - start).inSeconds
  }

  func output() async throws -> [Float] {
    try queue.read(Float.self, from: y, count: problem.tokens * problem.outputs)
  }
}
