import Heddle
import TestSupport
import Testing

@testable import HeddleExecution

/// Runs whose launches are walked as a tape.
@Suite(.serialized) struct TapedRunTests {
  private let always = options { $0.taping = .always }

  @Test(arguments: TestDevices.all)
  func `steps of any size, a state, a profile between them`(device: Device) async throws {
    let backend = try backend(device)
    let step = try StepGraph()
    do {
      let executable = try await backend.compile(step.graph, constants: step.constants, options: always)
      let walks = backend.planner.target.features.contains(TargetProfile.residentGroups)
      #expect(executable.plan.tapes.contains { !$0.isEmpty } == walks)
      let session = try executable.makeDeviceSession(["capacity": 40])
      var rows: [Float] = []
      for (count, isProfiled) in [(1, false), (3, false), (0, false), (2, true), (17, false), (1, true), (1, false)] {
        let request = try step.request(rows: count, past: rows.count / 8, from: count)
        rows += try Tensor.counting([count, 8], from: count).floats()
        let outputs = isProfiled ? try await session.profile(request).outputs : try await session.run(request)
        #expect(try outputs["y"]?.floats() == step.expected(rows: count, from: count))
        #expect(try Array(outputs["next"]?.floats().prefix(rows.count) ?? []) == rows)
      }
    }
    await expectNothingLeft(on: backend)
  }

  /// A chain of softmaxes with another bias each: many launches, each of which needs all of the one before.
  private func chain(_ length: Int, side: Int) throws -> (graph: Graph, constants: ConstantStore) {
    let constants = ConstantStore()
    let builder = GraphBuilder()
    let weights = (0..<side * side).map { Float(($0 * 7919 + 13) % 101 - 50) / 50 }
    try constants.add("w", Tensor(weights, shape: [side, side]))
    var x = try builder.input("x", .float32, [builder.symbol("n", in: 0...64), Dimension(side)])
    let matrix = try builder.constant("w", in: constants)
    for _ in 0..<length { x = try builder.softmax(builder.matmul(x, matrix)) }
    return (try builder.build(outputs: ["y": x]), constants)
  }

  @Test(arguments: TestDevices.all)
  func `a thousand walks of a chain give one result, that of the launches`(device: Device) async throws {
    let backend = try backend(device)
    let (graph, constants) = try chain(12, side: 96)
    let plain = try await backend.compile(graph, constants: constants, options: options { $0.taping = .never })
      .makeSession([:])
    let executable = try await backend.compile(graph, constants: constants, options: always)
    let sessions = try [executable.makeSession([:]), executable.makeSession([:])]
    for rows in [1, 2, 64, 5] {
      let request = RunRequest(inputs: ["x": try .counting([rows, 96])])
      let expected = try await plain.run(request)
      // Two sessions at a time: the walks of one do not count in the other's counters.
      await withTaskGroup(of: Int.self) { group in
        for session in sessions {
          group.addTask {
            var wrong = 0
            for _ in 0..<125 where (try? await session.run(request)) != expected { wrong += 1 }
            return wrong
          }
        }
        for await wrong in group { #expect(wrong == 0) }
      }
    }
  }

  @Test(arguments: TestDevices.all)
  func `a tape ends where a deadline or a cancellation says, and goes on after`(device: Device) async throws {
    let long = try LongGraph(length: 130)
    let backend = try backend(device)
    do {
      let executable = try await backend.compile(long.graph, constants: long.constants, options: always)
      let session = try executable.makeSession([:])
      let expected = try await session.run(long.request(rows: 5))
      let x = try Tensor.counting([5, LongGraph.side]).floats()
      let side = LongGraph.side
      #expect(
        try expected["y"]?.floats() == (0..<5 * side).map { x[$0 / side * side + ($0 % side + 130) % side] })
      let start = ContinuousClock.now
      await #expect(throws: ExecutionError.deadlineExceeded) {
        try await session.run(long.request(rows: 2000), within: .milliseconds(60))
      }
      #expect(start.duration(to: .now) < .seconds(20))
      #expect(session.isUsable)
      #expect(try await session.run(long.request(rows: 5)) == expected)
      let task = Task { try await session.run(long.request(rows: 2000)) }
      try await Task.sleep(for: .milliseconds(50))
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await session.run(long.request(rows: 5)) == expected)
    }
    await expectNothingLeft(on: backend)
  }
}
