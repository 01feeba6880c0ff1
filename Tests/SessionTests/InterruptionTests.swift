import Heddle
import TestSupport
import Testing

@testable import HeddleExecution

@Suite(.serialized) struct InterruptionTests {
  /// The chain turns each row by one place a matmul.
  private func check(_ outputs: NameTable<Tensor>, rows: Int, length: Int) throws {
    let y = try #require(try outputs["y"]?.floats())
    let x = try Tensor.counting([rows, LongGraph.side]).floats()
    let side = LongGraph.side
    let expected = (0..<rows * side).map { x[$0 / side * side + ($0 % side + length) % side] }
    #expect(y == expected)
  }

  @Test(arguments: TestDevices.all)
  func `a deadline that is over ends a run at once`(device: Device) async throws {
    let long = try LongGraph(length: 3)
    let session = try await backend(device).compile(long.graph, constants: long.constants).makeSession([:])
    await #expect(throws: ExecutionError.deadlineExceeded) {
      try await session.run(long.request(rows: 2), within: .seconds(-1))
    }
    #expect(session.isUsable)
    try check(try await session.run(long.request(rows: 2), within: .seconds(60)), rows: 2, length: 3)
  }

  @Test(arguments: TestDevices.all)
  func `a deadline in the middle of a run`(device: Device) async throws {
    let long = try LongGraph(length: 130)
    let session = try await backend(device).compile(long.graph, constants: long.constants).makeSession([:])
    let request = try long.request(rows: 2000)
    let start = ContinuousClock.now
    await #expect(throws: ExecutionError.deadlineExceeded) {
      try await session.run(request, within: .milliseconds(60))
    }
    let taken = start.duration(to: .now)
    #expect(taken >= .milliseconds(60) && taken < .seconds(20), "\(taken)")
    #expect(session.isUsable)
    // What was under way ends first; a short deadline may pass while it does.
    await #expect(throws: ExecutionError.deadlineExceeded) {
      try await session.run(long.request(rows: 1), within: .milliseconds(1))
    }
    try check(try await session.run(long.request(rows: 3)), rows: 3, length: 130)
  }

  @Test(arguments: TestDevices.all)
  func `cancelling a run in its middle`(device: Device) async throws {
    let long = try LongGraph(length: 130)
    let session = try await backend(device).compile(long.graph, constants: long.constants).makeSession([:])
    let request = try long.request(rows: 2000)
    // A quick step says nothing of how long one of a hundred times the rows takes.
    try check(try await session.run(long.request(rows: 20)), rows: 20, length: 130)
    let task = Task { try await session.run(request) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(session.isUsable)
    try check(try await session.run(long.request(rows: 3)), rows: 3, length: 130)
    let early = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await session.run(request)
    }
    await #expect(throws: CancellationError.self) { try await early.value }
  }

  @Test(arguments: TestDevices.all)
  func `a session given up in the middle may be dropped`(device: Device) async throws {
    let backend = try backend(device)
    let long = try LongGraph(length: 70)
    do {
      let session = try await backend.compile(long.graph, constants: long.constants).makeSession([:])
      await #expect(throws: ExecutionError.deadlineExceeded) {
        try await session.run(long.request(rows: 1000), within: .milliseconds(20))
      }
    }
    await expectNothingLeft(on: backend)
  }

  @Test(arguments: TestDevices.all)
  func `a state replaced as a whole makes an interrupted session unusable until reset`(device: Device) async throws {
    let long = try LongGraph(length: 130, replaces: true)
    let session = try await backend(device).compile(long.graph, constants: long.constants).makeSession([:])
    // Refused before it began: nothing was touched.
    await #expect(throws: ExecutionError.self) { try await session.run(RunRequest()) }
    await #expect(throws: ExecutionError.deadlineExceeded) {
      try await session.run(long.request(rows: 1), within: .seconds(-1))
    }
    #expect(session.isUsable)
    // A deadline that passes while other sessions have their turn touches nothing either: try until the step had begun.
    for attempt in 1...50 where session.isUsable {
      await #expect(throws: ExecutionError.deadlineExceeded) {
        try await session.run(long.request(rows: 2000), within: .milliseconds(40 * attempt))
      }
    }
    #expect(!session.isUsable)
    await #expect(throws: ExecutionError.sessionUnusable) { try await session.run(long.request(rows: 1)) }
    try await session.reset()
    #expect(session.isUsable)
    try check(try await session.run(long.request(rows: 1)), rows: 1, length: 130)
  }

  @Test func `a step that only writes rows can be run again, one that reads what it replaces cannot`() throws {
    func restarts(_ make: (GraphBuilder, Value, Value) throws -> Value) throws -> Bool {
      let builder = GraphBuilder()
      let x = try builder.input("x", .float32, [1, 2])
      let cache = try builder.state("cache", .float32, [4, 2])
      try builder.update(state: "cache", to: make(builder, x, cache))
      return try builder.build(outputs: [:]).updatesStatesByWriting
    }
    #expect(try restarts { try $0.writeRows($1, to: $2, at: 0) })
    #expect(try restarts { try $0.writeRows($1, to: $0.writeRows($1, to: $2, at: 0), at: 1) })
    #expect(try !restarts { try $0.add($2, $2) })
    #expect(
      try !restarts { builder, x, cache in
        let old = try builder.slice(cache, axis: 0, start: 0, count: 1)
        return try builder.writeRows(builder.add(old, x), to: cache, at: 0)
      })
    #expect(try !restarts { try $0.writeRows($0.slice($2, axis: 0, start: 0, count: 1), to: $2, at: 1) })
  }
}
