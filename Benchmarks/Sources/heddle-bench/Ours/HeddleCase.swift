import Heddle
import OpenCLRuntime
import _KernelCases

/// One of Heddle's variants of a case: a session for each copy of its constants, inputs and outputs bound to buffers on
/// the device.
///
/// A call is a session's `runBlocking`, from calling it to its return: launches, whatever kernels do to the inputs, and
/// waiting. Packing of constants and building of programs happen in `init`.
final class HeddleCase: Contestant {
  let name: String
  private let sessions: [DeviceSession]
  private let results: [(name: String, encoding: Encoding, shape: [Int], buffer: Buffer)]
  private let queue: CommandQueue
  private let request: RunRequest
  private var next = 0

  /// - Parameter rotatesInputs: Whether each copy has inputs and outputs of its own; else all have the same.
  init(
    _ opCase: OpCase, copies: Int, rotatesInputs: Bool, variant: Variant, on backend: OpenCLBackend
  ) async throws {
    name = variant.name
    queue = try CommandQueue(context: backend.context)
    request = RunRequest(bindings: opCase.request.bindings)
    var bound: [(place: TensorPlace, buffer: Buffer)] = []
    var results: [(name: String, encoding: Encoding, shape: [Int], buffer: Buffer)] = []
    var sessions: [DeviceSession] = []
    var executable: DeviceExecutable?
    for copy in 0..<copies {
      if copy == 0 || rotatesInputs {
        bound = []
        results = []
        for (name, tensor) in opCase.request.inputs {
          let buffer = try Buffer(context: backend.context, byteCount: tensor.bytes.count)
          try queue.write(tensor.bytes, to: buffer)
          bound.append((.input(name), buffer))
        }
        for output in try opCase.outputs() {
          let count = try output.encoding.byteCount(shape: output.shape)
          let buffer = try Buffer(context: backend.context, byteCount: count)
          bound.append((.output(output.name), buffer))
          results.append((output.name, output.encoding, output.shape, buffer))
        }
      }
      if executable == nil || !opCase.constants.ids.isEmpty {
        // Packed constants are shared by store: a store of its own makes a copy of its own.
        let constants = ConstantStore()
        for id in opCase.constants.ids { try constants.add(id, opCase.constants.tensor(id)) }
        executable = try await backend.compile(opCase.graph, constants: constants, options: variant.options)
      }
      guard let executable else { continue }
      let session = try executable.makeDeviceSession(opCase.sessionBindings)
      for (place, buffer) in bound { try await session.bind(place, to: .device(buffer)) }
      sessions.append(session)
    }
    self.sessions = sessions
    self.results = results
  }

  func run(count: Int) async throws -> Double {
    let start = ContinuousClock.now
    for _ in 0..<count {
      _ = try sessions[next].runBlocking(request)
      next = (next + 1) % sessions.count
    }
    return (ContinuousClock.now - start).inSeconds
  }

  /// The results of the last copy, which a whole turn over all copies has written last.
  func outputs() throws -> NameTable<Tensor> {
    NameTable(
      try results.map { result in
        let count = try result.encoding.byteCount(shape: result.shape)
        let bytes = try queue.read(UInt8.self, from: result.buffer, count: count)
        return (result.name, try Tensor(encoding: result.encoding, shape: result.shape, bytes: bytes))
      })
  }

  func output() async throws -> [Float] {
    guard let result = try outputs()["y"] else { throw BenchmarkError("\(name) has no output y") }
    return try result.floats()
  }
}
