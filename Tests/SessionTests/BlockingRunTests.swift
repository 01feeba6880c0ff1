import Heddle
import TestSupport
import Testing

/// Runs on the calling thread.
@Suite struct BlockingRunTests {
  @Test(arguments: TestDevices.all)
  func `a blocking run is a run`(device: Device) async throws {
    let backend = try backend(device)
    let step = try StepGraph()
    let executable = try await backend.compile(step.graph, constants: step.constants, options: nil)
    let (session, blocking) = (
      try executable.makeDeviceSession(["capacity": 40]), try executable.makeDeviceSession(["capacity": 40])
    )
    for (rows, past) in [(3, 0), (1, 3), (17, 4)] {
      let request = try step.request(rows: rows, past: past, from: past)
      let expected = try await session.run(request)
      #expect(try blocking.runBlocking(request) == expected)
      #expect(try expected["y"]?.floats() == step.expected(rows: rows, from: past))
    }
    var late = try step.request(rows: 1, past: 21, from: 21)
    late.deadline = .now - .seconds(1)
    #expect(throws: ExecutionError.deadlineExceeded) { try blocking.runBlocking(late) }
    // It gave its place up, and the session is as it was.
    late.deadline = nil
    #expect(try blocking.runBlocking(late)["y"]?.floats() == step.expected(rows: 1, from: 21))
    #expect(throws: ExecutionError.unknownOutput("z", known: step.graph.outputs.map(\.name))) {
      try blocking.runBlocking(RunRequest(inputs: late.inputs, bindings: late.bindings, outputs: ["z"]))
    }
  }
}
