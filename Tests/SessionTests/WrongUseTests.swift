import Heddle
import TestSupport
import Testing

@Suite struct WrongUseTests {
  private func session(_ device: Device) async throws -> (StepGraph, any Session) {
    let step = try StepGraph()
    let executable = try await backend(device).compile(step.graph, constants: step.constants)
    return (step, try executable.makeSession(["capacity": 8]))
  }

  @Test(arguments: TestDevices.all)
  func `wrong requests are typed errors that say what and where`(device: Device) async throws {
    let (step, session) = try await session(device)
    func message(_ change: (inout RunRequest) throws -> Void) async throws -> String {
      var request = try step.request(rows: 2, past: 0)
      try change(&request)
      let wrong = request
      return try await #require(throws: ExecutionError.self) { try await session.run(wrong) }.description
    }
    #expect(try await message { $0.inputs = [:] } == "the input 'x' (f32[n, 8]) is missing")
    #expect(try await message { $0.inputs["q"] = try .counting([1]) } == "there is no input 'q'; the graph has [\"x\"]")
    #expect(try await message { $0.inputs["x"] = try .counting([2, 7]) }.contains("must be f32[n, 8], got f32[2, 7]"))
    #expect(try await message { $0.inputs["x"] = try .counting([16]) }.contains("got f32[16]"))
    #expect(try await message { $0.inputs["x"] = try Tensor([1 as Int32], shape: [1, 1]) }.contains("got i32[1, 1]"))
    #expect(try await message { $0.inputs["x"] = try .counting([21, 8]) } == "n would be 21; the graph allows 0...20")
    #expect(try await message { $0.bindings = [:] } == "the symbol 'past' has no value")
    #expect(try await message { $0.bindings["past"] = -1 }.contains("past would be -1; the graph allows 0...40"))
    #expect(try await message { $0.bindings["n"] = 3 }.contains("n is 3, but the input 'x' makes it 2"))
    #expect(try await message { $0.bindings["m"] = 3 }.contains("there is no symbol 'm'"))
    #expect(try await message { $0.bindings["capacity"] = 20 }.contains("capacity"))
    #expect(try await message { $0.bindings["past"] = 7 }.contains("needs 9 rows, the session has 8"))
    #expect(try await message { $0.outputs = ["z"] } == "there is no output 'z'; the graph has [\"next\", \"y\"]")
    #expect(session.isUsable)
    #expect(try await session.run(step.request(rows: 2, past: 0))["y"]?.floats() == step.expected(rows: 2))
  }

  @Test(arguments: TestDevices.all)
  func `wrong session bindings`(device: Device) async throws {
    let step = try StepGraph()
    let executable = try await backend(device).compile(step.graph, constants: step.constants)
    #expect(throws: ExecutionError.binding(.unboundSymbol("capacity"))) { try executable.makeSession([:]) }
    #expect(throws: ExecutionError.binding(.outOfRange("capacity", value: 41, range: 1...40))) {
      try executable.makeSession(["capacity": 41])
    }
    let error = #expect(throws: ExecutionError.self) { try executable.makeSession(["capacity": 4, "rows": 1]) }
    #expect(error?.description.contains("there is no symbol 'rows'") == true)
  }

  @Test(arguments: TestDevices.all)
  func `constants that are missing or of another type`(device: Device) async throws {
    let backend = try backend(device)
    let step = try StepGraph()
    let empty = await #expect(throws: TypeError.self) {
      try await backend.compile(step.graph, constants: ConstantStore())
    }
    #expect(empty == .unknownConstant("w"))
    // As many bytes, and fewer.
    for (encoding, shape) in [(Encoding.float32, [4, 16]), (.float32, [2, 8]), (.float16, [8, 16])] {
      let store = ConstantStore()
      let bytes = [UInt8](repeating: 0, count: try encoding.byteCount(shape: shape))
      try store.add("w", Tensor(encoding: encoding, shape: shape, bytes: bytes))
      let error = await #expect(throws: GraphError.self) { try await backend.compile(step.graph, constants: store) }
      #expect(error?.description.contains("not [f32[8, 8]]") == true)
    }
    #expect(backend.deviceByteCount == 0)
  }

  @Test(arguments: TestDevices.all)
  func `a busy session refuses a second run`(device: Device) async throws {
    let long = try LongGraph(length: 40)
    let session = try await backend(device).compile(long.graph, constants: long.constants).makeSession([:])
    let request = try long.request(rows: 400)
    @Sendable func attempt() async throws -> Bool {
      do {
        return try await session.run(request)["y"]?.shape == [400, LongGraph.side]
      } catch ExecutionError.sessionBusy {
        return false
      }
    }
    async let first = attempt()
    async let second = attempt()
    #expect(try await [first, second].filter { $0 }.count == 1)
    #expect(try await attempt())
  }

  @Test(arguments: TestDevices.all)
  func `a budget too small is a typed error and leaks nothing`(device: Device) async throws {
    let step = try StepGraph()
    var kept: OpenCLBackend?
    for budget in [0, 64, 300, 1000, 3000, 10_000] {
      let backend = try backend(device, budgetBytes: budget)
      kept = backend
      do {
        let session = try await backend.compile(step.graph, constants: step.constants).makeSession(["capacity": 40])
        #expect(budget > 1000)
        _ = try await session.run(step.request(rows: 20, past: 0))
        #expect(backend.deviceByteCount <= budget)
      } catch let error as OpenCLError {
        guard case .budgetExceeded(let requested, let inUse, budget) = error else { throw error }
        #expect(requested + inUse > budget)
        #expect("\(error)".contains("exceeds the memory budget of \(budget) bytes"))
      }
      await expectNothingLeft(on: backend)
    }
    #expect(kept != nil)
    let enough = try backend(device, budgetBytes: 100_000)
    #expect(try await enough.compile(step.graph, constants: step.constants).makeSession(["capacity": 40]).isUsable)
  }
}
